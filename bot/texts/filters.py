"""Filters as text: one line above a list, and the panel."""

from collections.abc import Iterable
from typing import Final

from bot.i18n import Translator
from bot.texts import names
from bot.texts.icons import ICONS
from db.models import (
    MOST_FOUND,
    BookingList,
    Filter,
    FilterField,
    Option,
    Panel,
    WelcomeState,
    status_of,
)

_WELCOMES: Final = tuple(WelcomeState)
_SEPARATOR: Final = " · "


def chosen_line(t: Translator, chosen: Filter) -> str:
    """What is chosen, in one line of plain text; "" when that is nothing."""
    return _SEPARATOR.join(_words(t, chosen))


def _words(t: Translator, chosen: Filter) -> Iterable[str]:
    if chosen.status is not None:
        yield f"{ICONS[chosen.status]} {t.plain(f'tab-{chosen.status}')}"
    if chosen.course is not None:
        yield t.plain("filter-course", course=chosen.course)
    if chosen.stream is not None:
        yield t.plain("filter-stream", stream=names.clean(chosen.stream))
    if chosen.days is not None:
        yield t.plain(f"filter-days-{_DAYS[chosen.days]}")
    if chosen.since is not None:
        yield t.plain("filter-since", day=t.day(chosen.since))
    if chosen.until is not None:
        yield t.plain("filter-until", day=t.day(chosen.until))
    if chosen.code is not None:
        yield t.plain("filter-code", code=names.clean(chosen.code))
    if chosen.welcome is not None:
        yield t.plain(f"filter-welcome-{chosen.welcome}")


_DAYS: Final = {1: "today", 7: "week", 30: "month"}


def filtered_list(t: Translator, shown: BookingList, chosen: Filter) -> str:
    """What is above the rows of a filtered list."""
    line = t("filter-chosen", line=chosen_line(t, chosen) or t.plain("filter-nothing"))
    if not shown.page.items:
        return f"{line}\n\n{t('filter-empty')}"
    many = shown.total >= MOST_FOUND
    total = t("list-many", number=MOST_FOUND) if many else t("list-total", count=shown.total)
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    order = t(f"list-order-{'newest' if chosen.newest_first else 'oldest'}")
    return f"{line}\n{total}{_SEPARATOR}{place}\n{order}"


def panel(t: Translator, shown: Panel) -> str:
    line = chosen_line(t, shown.filter) or t.plain("filter-nothing")
    return f"{t('filter-heading')}\n{t('filter-chosen', line=line)}\n\n{t('filter-hint')}"


def option(t: Translator, each: Option) -> str:
    """A choice and what it would leave, as a button; plain text."""
    mark = "• " if each.chosen else ""
    return f"{mark}{_label(t, each)} {counted(each.count)}"


def counted(count: int) -> str:
    return f"{count}+" if count >= MOST_FOUND else str(count)


def _label(t: Translator, each: Option) -> str:
    match each.field:
        case FilterField.STATUS:
            return ICONS[status_of(each.value)]
        case FilterField.DAYS:
            return t.plain(f"filter-days-{_DAYS[each.value]}")
        case FilterField.WELCOME:
            return t.plain(f"filter-welcome-{_WELCOMES[each.value]}")
        case _:
            return names.clean(each.label, 20)


def month(t: Translator, field: FilterField, number: int) -> str:
    """What is above a month of the calendar, which is counted from the year 0."""
    year, month = divmod(number, 12)
    return t(f"calendar-{field.name.lower()}", month=f"{month + 1:02}.{year}")
