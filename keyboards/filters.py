"""The buttons of the filter panel, of the options of a field, and of the calendar."""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.i18n import Translator
from bot.texts import icons
from bot.texts.filters import DayName, day, meaning, offer, option_label, question
from bot.views.filters import Choices, Option, Panel
from bot.views.lists import Meaning, Origin, SavedQuery, Tab
from db.models.counts import AtLeast
from db.models.filters import Filter, FilterField
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.paging import turns
from keyboards.payloads.filters import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
)
from keyboards.payloads.lists import ListButton

_QUESTIONS: Final = (
    FilterField.STATUS,
    FilterField.COURSE,
    FilterField.STREAM,
    FilterField.DAYS,
    FilterField.DISCOUNT,
    FilterField.CODE,
    FilterField.WELCOME,
)
_ONE: Final = 1
_ACROSS: Final[Mapping[FilterField, int]] = {FilterField.DAYS: 2, FilterField.MONTH: 2}
_MONTHS: Final = range(12, 12 * 10_000)
"""Months since the year 0 that a `date` can have."""


def panel(t: Translator, panel: Panel, link: str) -> Markup:
    """Return a row for each question, then the buttons to show, share and clear the list.

    What is cleared leaves the status, whose tab it then is.
    """
    share: Button = {"text": t.plain("button-share"), "copy_text": {"text": link}}
    clear = button(t.plain("button-clear-all"), FilterButton.of(Tab(panel.filter.status)))
    nothing = Filter(zone=panel.filter.zone)
    of_tab = replace(nothing, status=panel.filter.status)
    key = Tab(panel.filter.status) if panel.filter == of_tab else panel.key
    show = button(_show(t, panel.count), ListButton.of(Origin(key)))
    return markup(
        *([_question(t, panel, field)] for field in _QUESTIONS),
        [show],
        [share] if panel.filter != nothing else [],
        [clear] if panel.filter != of_tab else [],
    )


def _question(t: Translator, panel: Panel, field: FilterField) -> Button:
    return button(
        question(t, panel, field),
        ChoicesButton.of_fields(saved=panel.key.number, field=field),
    )


def _show(t: Translator, count: int) -> str:
    """Return the label that shows the list; an `AtLeast` is a lower bound."""
    if isinstance(count, AtLeast):
        return t.plain("button-show-many", number=count)
    return t.plain("button-show", count=count)


def choices(t: Translator, choices: Choices) -> Markup:
    """Return the options of this page, the page buttons, and the buttons to any and back."""
    saved, field = choices.key.number, choices.field
    drop = DropButton.of_fields(saved=saved, field=field)
    is_any = choices.filter.without(field) == choices.filter
    return markup(
        *in_rows(_options(t, choices.key, choices.options), _ACROSS.get(field, _ONE)),
        *(_period(t, choices) if field is FilterField.DAYS else []),
        turns(
            t,
            choices.previous,
            choices.next,
            lambda offset: ChoicesButton.of_fields(saved=saved, field=field, offset=offset),
        ),
        [] if is_any else [button(t.plain("button-any"), drop)],
        [_back(t, choices)],
    )


def _back(t: Translator, choices: Choices) -> Button:
    if choices.field is FilterField.MONTH:
        return _back_to_period(t, choices.key)
    return button(t.plain("button-back-to-filter"), FilterButton.of(choices.key))


def _back_to_period(t: Translator, key: SavedQuery) -> Button:
    """Return the button from the months, or the calendar, to where they were opened."""
    period = ChoicesButton.of_fields(saved=key.number, field=FilterField.DAYS)
    return button(t.plain("button-back-to-period"), period)


def _period(t: Translator, choices: Choices) -> Iterable[Sequence[Button]]:
    """Return the buttons to older months, and to the days of a period."""
    months = ChoicesButton.of_fields(saved=choices.key.number, field=FilterField.MONTH)
    yield [button(t.plain("button-more-month"), months)]
    yield [_calendar(t, choices, FilterField.SINCE), _calendar(t, choices, FilterField.UNTIL)]


def ambiguous(t: Translator, meanings: Sequence[Meaning]) -> Markup:
    """Return a row for each list that is meant."""
    return markup(*([button(meaning(each), _list(each))] for each in meanings))


def with_offers(t: Translator, found: Markup | None, offers: Sequence[Meaning]) -> Markup | None:
    """Return the buttons with a row for each offer above them."""
    if found is None or not offers:
        return found
    rows = ([button(offer(t, each), _list(each))] for each in offers)
    return markup(*rows, *found["inline_keyboard"])


def _list(meaning: Meaning) -> str:
    return ListButton.of(Origin(meaning.key))


def month(t: Translator, payload: CalendarButton) -> Markup:
    """Return the days of the week, a row for each week, other months and years, and back."""
    year, before = divmod(payload.month, 12)
    weeks = Calendar().monthdatescalendar(year, before + 1) if 1 < year < 9999 else []
    here = payload.pack()
    steps = (("«", -12), ("‹", -1), ("›", 1), ("»", 12))
    return markup(
        [button(name, here) for name in t.weekdays],
        *([_day(t, payload, each) for each in week] for week in weeks),
        [
            button(label, payload.model_copy(update={"month": payload.month + step}).pack())
            for label, step in steps
            if payload.month + step in _MONTHS
        ],
        [_back_to_period(t, payload.key)],
    )


def _options(t: Translator, key: SavedQuery, options: Sequence[Option]) -> Sequence[Button]:
    return [
        button(
            option_label(t, option),
            ChoiceButton.of_fields(saved=key.number, field=option.field, value=option.value),
        )
        for option in options
    ]


def _calendar(t: Translator, choices: Choices, field: DayName) -> Button:
    """Return the button that opens the calendar, or drops the day that is chosen."""
    saved = choices.key.number
    if text := day(t, field, choices.filter):
        return button(f"{icons.CHOSEN} {text}", DropButton.of_fields(saved=saved, field=field))
    month = t.today.year * 12 + t.today.month - 1
    payload = CalendarButton.of_fields(saved=saved, field=field, month=month)
    return button(t.plain(f"button-{field.name.lower()}"), payload)


def _day(t: Translator, payload: CalendarButton, day: date) -> Button:
    """Return a day, today with a mark; one of another month is a dot that leads nowhere."""
    if day.year * 12 + day.month - 1 != payload.month:
        return button("·", payload.pack())
    choice = ChoiceButton.of_fields(
        saved=payload.saved, field=payload.field, value=day.toordinal()
    )
    return button(f"[{day.day}]" if day == t.today else str(day.day), choice)
