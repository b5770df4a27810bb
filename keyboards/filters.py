"""The buttons of the filter panel, of all the options of a field, and of the calendar."""

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.texts.filters import option, said
from db.models import Choices, Filter, FilterField, Option, Panel, Place
from keyboards.callbacks import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
    ListButton,
)
from keyboards.markup import Button, Markup, button, markup

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
    place = Place(status=None, view=shown.view)
    show = button(t.plain("button-show", number=shown.count), ListButton.of(place))
    share: Button = {"text": t.plain("button-share"), "copy_text": {"text": link}}
    clear = button(t.plain("button-clear-all"), FilterButton.of(Place(status=None)))
    chosen = shown.filter != Filter(zone=shown.filter.zone)
    return markup(
        *(row for field in shown.options for row in _rows(t, shown, field)),
        [_calendar(t, shown, field) for field in (FilterField.SINCE, FilterField.UNTIL)],
        [show],
        [share, clear] if chosen else [],
    )


def choices(t: Translator, shown: Choices) -> Markup:
    """The options of this part, the ways to its other parts, and the way back to the panel."""
    turns = (("button-previous", shown.previous), ("button-next", shown.next))
    return markup(
        *_in_rows(_options(t, shown.view, shown.options), _TWO),
        [
            button(
                t.plain(label),
                ChoicesButton.of_fields(view=shown.view, field=shown.field, offset=offset),
            )
            for label, offset in turns
            if offset is not None
        ],
        [
            button(
                t.plain("button-back-to-filter"),
                FilterButton.of(Place(status=None, view=shown.view)),
            )
        ],
    )


def month(t: Translator, asked: CalendarButton) -> Markup:
    """A row for each week, then the months beside and years beside, then the way back."""
    year, before = divmod(asked.month, 12)
    weeks = Calendar().monthdatescalendar(year, before + 1) if 1 < year < 9999 else []
    turns = (("«", -12), ("‹", -1), ("›", 1), ("»", 12))
    return markup(
        *([_day(asked, day, inside=day.month == before + 1) for day in week] for week in weeks),
        [
            button(label, asked.model_copy(update={"month": asked.month + step}).pack())
            for label, step in turns
            if asked.month + step in _MONTHS
        ],
        [button(t.plain("button-back"), FilterButton.of(Place(status=None, view=asked.view)))],
    )


def _rows(t: Translator, shown: Panel, field: FilterField) -> Iterable[Sequence[Button]]:
    """Return what the panel offers of a field: options, what else is chosen, the way to more."""
    options = shown.options[field]
    yield from _in_rows(_options(t, shown.view, options), _ACROSS.get(field, _TWO))
    further = []
    if not any(each.chosen for each in options) and (words := said(t, shown, field)):
        further.append(button(f"• {words}", DropButton.of_fields(view=shown.view, field=field)))
    if field in shown.more:
        label = t.plain(f"button-more-{field.name.lower()}")
        further.append(button(label, ChoicesButton.of_fields(view=shown.view, field=field)))
    yield further


def _options(t: Translator, view: int, options: Sequence[Option]) -> Sequence[Button]:
    return [
        button(
            option(t, each), ChoiceButton.of_fields(view=view, field=each.field, value=each.value)
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
        return button(f"• {words}", DropButton.of_fields(view=shown.view, field=field))
    today = t.now.astimezone(ZoneInfo(shown.filter.zone))
    asked = CalendarButton.of_fields(
        view=shown.view, field=field, month=today.year * 12 + today.month - 1
    )
    return button(t.plain(f"button-{field.name.lower()}"), asked)


def _in_rows(buttons: Sequence[Button], across: int) -> Iterable[Sequence[Button]]:
    return (buttons[n : n + across] for n in range(0, len(buttons), across))


def _day(asked: CalendarButton, day: date, *, inside: bool) -> Button:
    """A day; one of the months beside is a dot, and a press on it is one on that day."""
    choice = ChoiceButton.of_fields(view=asked.view, field=asked.field, value=day.toordinal())
    return button(str(day.day) if inside else "·", choice)
