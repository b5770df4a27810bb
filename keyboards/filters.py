"""The buttons of the filter panel, of the options of a field, and of the calendar."""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.texts import icons
from bot.texts.filters import criterion, option_label
from bot.views.filters import Choices, Option, Panel
from bot.views.lists import EVERYTHING, Origin, SavedQuery
from db.models.counts import AtLeast
from db.models.filters import Filter, FilterField
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import turns
from keyboards.payloads.filters import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
)
from keyboards.payloads.lists import ListButton

_ACROSS: Final[Mapping[FilterField, int]] = {
    FilterField.STATUS: 4,
    FilterField.DAYS: 3,
    FilterField.WELCOME: 1,
}
_TWO: Final = 2
_MONTHS: Final = range(12, 12 * 10_000)
"""Months since the year 0 that a `date` can have."""


def panel(t: Translator, panel: Panel, link: str) -> Markup:
    """Return the options with their counts, then the buttons to show, share and clear the list."""
    show = button(_show(t, panel.count), ListButton.of(Origin(panel.key)))
    share: Button = {"text": t.plain("button-share"), "copy_text": {"text": link}}
    clear = button(t.plain("button-clear-all"), FilterButton.of(EVERYTHING))
    narrowed = panel.filter != Filter(zone=panel.filter.zone)
    return markup(
        *(row for field in panel.options for row in _rows(t, panel, field)),
        [_calendar(t, panel, field) for field in (FilterField.SINCE, FilterField.UNTIL)],
        [show],
        [share, clear] if narrowed else [],
    )


def _show(t: Translator, count: int) -> str:
    """Return the label that shows the list; an `AtLeast` is a lower bound."""
    if isinstance(count, AtLeast):
        return t.plain("button-show-many", number=count)
    return t.plain("button-show", count=count)


def choices(t: Translator, choices: Choices) -> Markup:
    """Return the options of this page, the page buttons, and the button back to the panel."""
    saved, field = choices.key.number, choices.field
    return markup(
        *_in_rows(_options(t, choices.key, choices.options), _TWO),
        turns(
            t,
            choices.previous,
            choices.next,
            lambda offset: ChoicesButton.of_fields(saved=saved, field=field, offset=offset),
        ),
        [button(t.plain("button-back-to-filter"), FilterButton.of(choices.key))],
    )


def month(t: Translator, payload: CalendarButton) -> Markup:
    """Return the days of the week, a row for each week, other months and years, and back."""
    year, before = divmod(payload.month, 12)
    weeks = Calendar().monthdatescalendar(year, before + 1) if 1 < year < 9999 else []
    here = payload.pack()
    steps = (("«", -12), ("‹", -1), ("›", 1), ("»", 12))
    return markup(
        [button(day, here) for day in t.weekdays],
        *([_day(t, payload, day) for day in week] for week in weeks),
        [
            button(label, payload.model_copy(update={"month": payload.month + step}).pack())
            for label, step in steps
            if payload.month + step in _MONTHS
        ],
        [button(t.plain("button-back-to-filter"), FilterButton.of(payload.key))],
    )


def _rows(t: Translator, panel: Panel, field: FilterField) -> Iterable[Sequence[Button]]:
    """Return the options of a field, its criterion if no option shows it, and a button to more."""
    options = panel.options[field]
    yield from _in_rows(_options(t, panel.key, options), _ACROSS.get(field, _TWO))
    further = []
    if not any(option.chosen for option in options) and (text := criterion(t, panel, field)):
        further.append(_chosen(panel, field, text))
    if field in panel.more:
        label = t.plain(f"button-more-{field.name.lower()}")
        further.append(button(label, ChoicesButton.of_fields(saved=panel.key.number, field=field)))
    yield further


def _options(t: Translator, key: SavedQuery, options: Sequence[Option]) -> Sequence[Button]:
    return [
        button(
            option_label(t, option),
            ChoiceButton.of_fields(saved=key.number, field=option.field, value=option.value),
        )
        for option in options
    ]


def _calendar(
    t: Translator,
    panel: Panel,
    field: Literal[FilterField.SINCE, FilterField.UNTIL],
) -> Button:
    """Return the button that opens the calendar, or drops the day that is chosen."""
    if text := criterion(t, panel, field):
        return _chosen(panel, field, text)
    today = t.now.astimezone(ZoneInfo(panel.filter.zone))
    payload = CalendarButton.of_fields(
        saved=panel.key.number, field=field, month=today.year * 12 + today.month - 1
    )
    return button(t.plain(f"button-{field.name.lower()}"), payload)


def _chosen(panel: Panel, field: FilterField, text: str) -> Button:
    """Return the button that drops the criterion of a field."""
    payload = DropButton.of_fields(saved=panel.key.number, field=field)
    return button(f"{icons.CHOSEN} {text}", payload)


def _in_rows(buttons: Sequence[Button], across: int) -> Iterable[Sequence[Button]]:
    return (buttons[n : n + across] for n in range(0, len(buttons), across))


def _day(t: Translator, payload: CalendarButton, day: date) -> Button:
    """Return a day, today with a mark; one of another month is a dot that leads nowhere."""
    if day.year * 12 + day.month - 1 != payload.month:
        return button("·", payload.pack())
    choice = ChoiceButton.of_fields(
        saved=payload.saved, field=payload.field, value=day.toordinal()
    )
    return button(f"[{day.day}]" if day == t.today else str(day.day), choice)
