"""The lists of bookings as text."""

from collections.abc import Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.filters import criteria_line
from bot.views.lists import BookingList, FilteredList, FoundList, TabList
from db.models.adding.imports import Underway
from db.models.bookings import Booking, BookingStatus
from db.models.counts import AtLeast

#: The tabs in their order; None means all bookings.
TABS: Final[Sequence[BookingStatus | None]] = (
    None,
    BookingStatus.NEW,
    BookingStatus.PENDING,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
)
_SEPARATOR: Final = " · "
_NAME_LENGTH: Final = 16
_ROOM: Final = 36
"""Characters of a row on a phone."""


def booking_list(t: Translator, bookings: BookingList) -> str:
    """Return the text above the rows: the list, the page, and the legend of the tabs."""
    match bookings:
        case TabList(underway=underway):
            return _half(t, underway) + _tab_list(t, bookings)
        case FilteredList(underway=underway):
            return _half(t, underway) + _filtered_list(t, bookings)
        case FoundList():
            return _found_list(t, bookings)


def _half(t: Translator, underway: Underway | None) -> str:
    """Return the line that says of which import only a part is here; "" if of none."""
    if underway is None:
        return ""
    who = names.clean(underway.by)
    line = t(f"list-import-{underway.state}", who=who, added=underway.added, total=underway.total)
    return f"{line}\n\n"


def _tab_list(t: Translator, tabs: TabList) -> str:
    status = tabs.key.status
    heading = t("list-heading", icon=icons.BOOKING[status], name=t(f"tab-{_tab(status)}"))
    if not tabs.page.items:
        first_steps = [t("list-empty-desk")] if tabs.is_of_empty_desk else []
        return "\n\n".join([heading, t(f"list-empty-{_tab(status)}"), *first_steps])
    order = "newest" if tabs.key.newest_first else "oldest"
    total = t("list-total", count=tabs.page.total)
    place = t("list-place", number=tabs.page.number, last=tabs.page.last)
    legend = _SEPARATOR.join(
        f"{icons.BOOKING[tab]} {t(f'tab-{_tab(tab)}')} {tabs.counts.get(tab, 0)}" for tab in TABS
    )
    return (
        f"{heading}{_SEPARATOR}{total}{_SEPARATOR}{place}\n{t(f'list-order-{order}')}\n\n{legend}"
    )


def row(t: Translator, booking: Booking, *, of_status: bool = False) -> str:
    """Return a booking as one line of plain text, as long as a phone shows it.

    In a list of one status there is neither the status nor the number. The course and the stream
    get the room that is left.
    """
    mark = icons.UNREACHABLE.get(booking.reachability, "")
    number = "" if of_status else f"{icons.BOOKING[booking.status]}{mark} #{booking.id}"
    name = names.student(t, booking, _NAME_LENGTH)
    age = t.age(booking.created_at) if booking.created_at else ""
    head = [number, name] if number else [f"{mark} {name}".strip()]
    used = len(_SEPARATOR.join([*head, "", age]))
    placement = names.placement(booking, _ROOM - used)
    return _SEPARATOR.join(filter(None, [*head, placement, age]))


def _found_list(t: Translator, found: FoundList) -> str:
    """Return the search and its result."""
    searched = names.clean(found.search.text, 64) or f"id {found.search.person}"
    heading = t("found-heading", text=searched)
    if not found.page.items:
        return f"{heading}\n\n{t('found-nothing')}"
    if found.nearest:
        return f"{heading}\n\n{t('found-nearest')}"
    total = _total(t, found.page.total)
    place = t("list-place", number=found.page.number, last=found.page.last)
    return f"{heading}{_SEPARATOR}{total}{_SEPARATOR}{place}"


def _filtered_list(t: Translator, filtered: FilteredList) -> str:
    criteria = criteria_line(t, filtered.filter, filtered.names) or t.plain("filter-nothing")
    line = t("filter-chosen", line=criteria)
    if not filtered.page.items:
        empty = (
            "filter-further" if filtered.page.next or filtered.page.previous else "filter-empty"
        )
        return f"{line}\n\n{t(empty)}"
    place = t("list-place", number=filtered.page.number, last=filtered.page.last)
    order = t(f"list-order-{'newest' if filtered.filter.newest_first else 'oldest'}")
    return f"{line}\n{_total(t, filtered.page.total)}{_SEPARATOR}{place}\n{order}"


def _total(t: Translator, count: int) -> str:
    """Return the number of bookings in words; an `AtLeast` is a lower bound."""
    if isinstance(count, AtLeast):
        return t("list-many", number=count)
    return t("list-total", count=count)


def _tab(status: BookingStatus | None) -> str:
    return "all" if status is None else status.value
