"""The buttons of the filter panel."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import Translator
from bot.texts.filters import counted, option
from db.models import Filter, FilterField, Option, Panel, Place
from keyboards.callbacks import CalendarButton, ChoiceButton, FilterButton, ListButton
from keyboards.markup import button, markup

_ACROSS: Final = {
    FilterField.STATUS: 4,
    FilterField.COURSE: 2,
    FilterField.STREAM: 2,
    FilterField.DAYS: 3,
    FilterField.WELCOME: 1,
}


def panel(t: Translator, shown: Panel, link: str, now: datetime) -> InlineKeyboardMarkup:
    """Every choice with what it would leave, then the list itself, its link, and a fresh start."""
    place = Place(status=None, view=shown.view)
    show = button(t.plain("button-show", number=counted(shown.count)), ListButton.of(place))
    share = InlineKeyboardButton(text=t.plain("button-share"), copy_text=CopyTextButton(text=link))
    clear = button(t.plain("button-clear-all"), FilterButton())
    chosen = shown.filter != Filter(zone=shown.filter.zone)
    return markup(
        *(
            row
            for field, options in shown.options.items()
            for row in _rows(t, shown, field, options)
        ),
        [_calendar(t, shown, field, now) for field in (FilterField.SINCE, FilterField.UNTIL)],
        [show],
        [share, clear] if chosen else [],
    )


def _calendar(
    t: Translator,
    shown: Panel,
    field: Literal[FilterField.SINCE, FilterField.UNTIL],
    now: datetime,
) -> InlineKeyboardButton:
    """The way to a day, or out of the one that is chosen."""
    day = shown.filter.since if field is FilterField.SINCE else shown.filter.until
    if day is not None:
        choice = ChoiceButton(view=shown.view, field=field, value=day.toordinal())
        return button(f"• {t.plain(f'filter-{field.name.lower()}', day=t.day(day))}", choice)
    asked = CalendarButton(view=shown.view, field=field, month=now.year * 12 + now.month - 1)
    return button(t.plain(f"button-{field.name.lower()}"), asked)


def _rows(
    t: Translator, shown: Panel, field: FilterField, options: Sequence[Option]
) -> Iterable[Sequence[InlineKeyboardButton]]:
    buttons = [
        button(option(t, each), ChoiceButton(view=shown.view, field=field, value=each.value))
        for each in options
    ]
    across = _ACROSS[field]
    return (buttons[n : n + across] for n in range(0, len(buttons), across))
