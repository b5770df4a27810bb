"""A month to choose a day from."""

from calendar import Calendar
from datetime import date

from bot.i18n import Translator
from db.models import Place
from keyboards.callbacks import CalendarButton, ChoiceButton, FilterButton
from keyboards.markup import Button, Markup, button, markup

_FIRST, _LAST = 12, 12 * 10_000 - 1
"""Months since the year 0 that a date can be in."""


def calendar(t: Translator, asked: CalendarButton) -> Markup:
    """A row for each week, then the months beside and years beside, then the way back."""
    year, month = divmod(asked.month, 12)
    weeks = Calendar().monthdatescalendar(year, month + 1) if 1 < year < 9999 else []
    turns = (("«", -12), ("‹", -1), ("›", 1), ("»", 12))
    return markup(
        *([_day(asked, day, shown=day.month == month + 1) for day in week] for week in weeks),
        [
            button(label, asked.model_copy(update={"month": asked.month + step}).pack())
            for label, step in turns
            if _FIRST <= asked.month + step <= _LAST
        ],
        [button(t.plain("button-back"), FilterButton.of(Place(status=None, view=asked.view)))],
    )


def _day(asked: CalendarButton, day: date, *, shown: bool) -> Button:
    """A day; one of the months beside is a dot, and a press on it is one on that day."""
    choice = ChoiceButton.of_fields(view=asked.view, field=asked.field, value=day.toordinal())
    return button(str(day.day) if shown else "·", choice)
