"""Filters as text: one line above a list, and the panel."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.views.filters import Choices, Option, Panel
from db.models.bookings import BookingStatus, status_of
from db.models.filters import Filter, FilterField, WelcomeState

_WELCOMES: Final = tuple(WelcomeState)
_DAYS: Final = {1: "today", 7: "week", 30: "month"}
_SEPARATOR: Final = " · "


def chosen_line(t: Translator, chosen: Filter, called: Mapping[FilterField, str]) -> str:
    """What is chosen, in one line of plain text; "" when that is nothing."""
    return _SEPARATOR.join(_words(t, chosen, called).values())


def said(t: Translator, shown: Panel, field: FilterField) -> str:
    """What is chosen of one field, in plain text; "" when that is nothing."""
    return _words(t, shown.filter, shown.names).get(field, "")


def _words(
    t: Translator, chosen: Filter, called: Mapping[FilterField, str]
) -> Mapping[FilterField, str]:
    course = names.clean(called.get(FilterField.COURSE)) or f"#{chosen.course}"
    stream = names.clean(called.get(FilterField.STREAM)) or names.clean(chosen.stream)
    words = {
        FilterField.STATUS: chosen.status and _status(t, chosen.status),
        FilterField.COURSE: chosen.course is not None and t.plain("filter-course", course=course),
        FilterField.STREAM: chosen.stream and t.plain("filter-stream", stream=stream),
        FilterField.DAYS: chosen.days and _days(t, chosen.days),
        FilterField.SINCE: chosen.since and t.plain("filter-since", day=t.day(chosen.since)),
        FilterField.UNTIL: chosen.until and t.plain("filter-until", day=t.day(chosen.until)),
        FilterField.DISCOUNT: chosen.discount is not None and _discount(t, chosen.discount),
        FilterField.CODE: chosen.code and t.plain("filter-code", code=names.clean(chosen.code)),
        FilterField.WELCOME: chosen.welcome and _welcome(t, chosen.welcome),
    }
    return {field: each for field, each in words.items() if isinstance(each, str)}


def _status(t: Translator, status: BookingStatus) -> str:
    return f"{icons.BOOKING[status]} {t.plain(f'tab-{status}')}"


def _days(t: Translator, days: int) -> str:
    return t.plain(f"filter-days-{_DAYS[days]}")


def _discount(t: Translator, granted: bool) -> str:
    return t.plain(f"filter-discount-{'with' if granted else 'without'}")


def _welcome(t: Translator, state: WelcomeState) -> str:
    return t.plain(f"filter-welcome-{state}")


def panel(t: Translator, shown: Panel) -> str:
    line = chosen_line(t, shown.filter, shown.names) or t.plain("filter-nothing")
    return f"{t('filter-heading')}\n{t('filter-chosen', line=line)}\n\n{t('filter-hint')}"


def choices(t: Translator, shown: Choices) -> str:
    """What is above all the options of a field."""
    question = t(f"filter-which-{shown.field.name.lower()}")
    return question if shown.options else f"{question}\n\n{t('filter-no-choice')}"


def option(t: Translator, each: Option) -> str:
    """A choice and what it would leave, as a button; plain text."""
    mark = "• " if each.chosen else ""
    return f"{mark}{_label(t, each)} {each.count}"


def _label(t: Translator, each: Option) -> str:
    match each.field:
        case FilterField.STATUS:
            return icons.BOOKING[status_of(each.value)]
        case FilterField.DAYS:
            return _days(t, each.value)
        case FilterField.MONTH:
            return t.month(date(each.value // 12, each.value % 12 + 1, 1))
        case FilterField.DISCOUNT:
            return _discount(t, each.value == 1)
        case FilterField.WELCOME:
            return _welcome(t, _WELCOMES[each.value])
        case _:
            return names.clean(each.label, 20)


def month(t: Translator, field: FilterField, number: int) -> str:
    """What is above a month of the calendar, which is counted from the year 0."""
    year, month = divmod(number, 12)
    return t(f"calendar-{field.name.lower()}", month=f"{month + 1:02}.{year}")
