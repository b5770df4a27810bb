"""The lists of bookings as text."""

from collections.abc import Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.filters import chosen_line
from bot.views.lists import BookingList, FilteredList, FoundList, TabList
from db.models.bookings import Booking, BookingStatus
from db.models.counts import AtLeast

#: The tabs of every list, in their order; None is all of them.
TABS: Final[Sequence[BookingStatus | None]] = (
    None,
    BookingStatus.NEW,
    BookingStatus.PENDING,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
)
_SEPARATOR: Final = " · "


def booking_list(t: Translator, shown: BookingList) -> str:
    """What is above the rows: which list, which page, what its tabs mean."""
    match shown:
        case TabList():
            return _tab_list(t, shown)
        case FilteredList():
            return _filtered_list(t, shown)
        case FoundList():
            return _found_list(t, shown)


def _tab_list(t: Translator, shown: TabList) -> str:
    status = shown.key.status
    heading = t("list-heading", icon=icons.BOOKING[status], name=t(f"tab-{_tab(status)}"))
    if not shown.page.items:
        return f"{heading}\n\n{t(f'list-empty-{_tab(status)}')}"
    order = "newest" if shown.key.newest_first else "oldest"
    total = t("list-total", count=shown.page.total)
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    legend = _SEPARATOR.join(
        f"{icons.BOOKING[tab]} {t(f'tab-{_tab(tab)}')} {shown.counts.get(tab, 0)}" for tab in TABS
    )
    return (
        f"{heading}{_SEPARATOR}{total}{_SEPARATOR}{place}\n{t(f'list-order-{order}')}\n\n{legend}"
    )


def row(t: Translator, booking: Booking) -> str:
    """A booking as one line of a list; plain text. A phone cuts its end: the stream."""
    place = ", ".join(filter(None, (names.course(booking, 16), names.stream(booking, 16))))
    age = t.age(booking.created_at) if booking.created_at else ""
    marks = f"{icons.BOOKING[booking.status]}{icons.UNREACHABLE.get(booking.reachability, '')}"
    words = (f"{marks} #{booking.id}", names.student(booking, 20), age, place)
    return _SEPARATOR.join(filter(None, words))


def _found_list(t: Translator, shown: FoundList) -> str:
    """What was looked for, and what came of it."""
    what = names.clean(shown.search.text, 64) or f"id {shown.search.person}"
    heading = t("found-heading", text=what)
    if not shown.page.items:
        return f"{heading}\n\n{t('found-nothing')}"
    if shown.nearest:
        return f"{heading}\n\n{t('found-nearest')}"
    total = _total(t, shown.page.total)
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    return f"{heading}{_SEPARATOR}{total}{_SEPARATOR}{place}"


def _filtered_list(t: Translator, shown: FilteredList) -> str:
    words = chosen_line(t, shown.filter, shown.names) or t.plain("filter-nothing")
    line = t("filter-chosen", line=words)
    if not shown.page.items:
        empty = "filter-further" if shown.page.next or shown.page.previous else "filter-empty"
        return f"{line}\n\n{t(empty)}"
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    order = t(f"list-order-{'newest' if shown.filter.newest_first else 'oldest'}")
    return f"{line}\n{_total(t, shown.page.total)}{_SEPARATOR}{place}\n{order}"


def _total(t: Translator, count: int) -> str:
    """How many bookings a list has."""
    if isinstance(count, AtLeast):
        return t("list-many", number=count)
    return t("list-total", count=count)


def _tab(status: BookingStatus | None) -> str:
    return "all" if status is None else status.value
