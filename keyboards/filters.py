"""The buttons of the filter panel, of all the options of a field, and of the calendar."""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.texts.filters import option, said
from bot.views.filters import Choices, Option, Panel
from bot.views.lists import EVERYTHING, Origin, SavedQuery
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
"""Since the year 0, that a date can be in."""


def panel(t: Translator, shown: Panel, link: str) -> Markup:
    """Every choice with what it would leave, then the list itself, its link, and a fresh start."""
    show = button(t.plain("button-show", number=shown.count), ListButton.of(Origin(shown.key)))
    share: Button = {"text": t.plain("button-share"), "copy_text": {"text": link}}
    clear = button(t.plain("button-clear-all"), FilterButton.of(EVERYTHING))
    chosen = shown.filter != Filter(zone=shown.filter.zone)
    return markup(
        *(row for field in shown.options for row in _rows(t, shown, field)),
        [_calendar(t, shown, field) for field in (FilterField.SINCE, FilterField.UNTIL)],
        [show],
        [share, clear] if chosen else [],
    )


def choices(t: Translator, shown: Choices) -> Markup:
    """The options of this part, the ways to its other parts, and the way back to the panel."""
    saved, field = shown.key.number, shown.field
    return markup(
        *_in_rows(_options(t, shown.key, shown.options), _TWO),
        turns(
            t,
            shown.previous,
            shown.next,
            lambda offset: ChoicesButton.of_fields(saved=saved, field=field, offset=offset),
        ),
        [button(t.plain("button-back-to-filter"), FilterButton.of(shown.key))],
    )


def month(t: Translator, asked: CalendarButton) -> Markup:
    """A row for each week, then the months beside and years beside, then the way back."""
    year, before = divmod(asked.month, 12)
    weeks = Calendar().monthdatescalendar(year, before + 1) if 1 < year < 9999 else []
    steps = (("«", -12), ("‹", -1), ("›", 1), ("»", 12))
    return markup(
        *([_day(asked, day, inside=day.month == before + 1) for day in week] for week in weeks),
        [
            button(label, asked.model_copy(update={"month": asked.month + step}).pack())
            for label, step in steps
            if asked.month + step in _MONTHS
        ],
        [button(t.plain("button-back"), FilterButton.of(asked.key))],
    )


def _rows(t: Translator, shown: Panel, field: FilterField) -> Iterable[Sequence[Button]]:
    """Return what the panel offers of a field: options, what else is chosen, the way to more."""
    options = shown.options[field]
    yield from _in_rows(_options(t, shown.key, options), _ACROSS.get(field, _TWO))
    further = []
    if not any(each.chosen for each in options) and (words := said(t, shown, field)):
        further.append(
            button(f"• {words}", DropButton.of_fields(saved=shown.key.number, field=field))
        )
    if field in shown.more:
        label = t.plain(f"button-more-{field.name.lower()}")
        further.append(button(label, ChoicesButton.of_fields(saved=shown.key.number, field=field)))
    yield further


def _options(t: Translator, key: SavedQuery, options: Sequence[Option]) -> Sequence[Button]:
    return [
        button(
            option(t, each),
            ChoiceButton.of_fields(saved=key.number, field=each.field, value=each.value),
        )
        for each in options
    ]


def _calendar(
    t: Translator,
    shown: Panel,
    field: Literal[FilterField.SINCE, FilterField.UNTIL],
) -> Button:
    """The way to a day, or out of the one that is chosen."""
    if words := said(t, shown, field):
        return button(f"• {words}", DropButton.of_fields(saved=shown.key.number, field=field))
    today = t.now.astimezone(ZoneInfo(shown.filter.zone))
    asked = CalendarButton.of_fields(
        saved=shown.key.number, field=field, month=today.year * 12 + today.month - 1
    )
    return button(t.plain(f"button-{field.name.lower()}"), asked)


def _in_rows(buttons: Sequence[Button], across: int) -> Iterable[Sequence[Button]]:
    return (buttons[n : n + across] for n in range(0, len(buttons), across))


def _day(asked: CalendarButton, day: date, *, inside: bool) -> Button:
    """A day; one of the months beside is a dot, and a press on it is one on that day."""
    choice = ChoiceButton.of_fields(saved=asked.saved, field=asked.field, value=day.toordinal())
    return button(str(day.day) if inside else "·", choice)
