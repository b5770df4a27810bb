"""The buttons under the lists of bookings."""

from collections.abc import Iterable
from typing import Final

from bot.i18n import Translator
from bot.texts import icons
from bot.texts.lists import TABS, row
from bot.views.lists import (
    EVERYTHING,
    BookingList,
    FilteredList,
    FoundList,
    Origin,
    Tab,
    TabList,
    status_in,
)
from bot.views.review import reviewable
from db.models.bookings import BookingStatus
from keyboards.adding.by_hand import begin as begin_adding
from keyboards.adding.imports import help_button as import_help
from keyboards.backlog.bulks import choose as choose_bulk
from keyboards.backlog.bulks import of_the_unpaid
from keyboards.backlog.review import begin as begin_review
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.paging import pages
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.filters import FilterButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.people import PersonButton

_TWO: Final = 2
_TABS: Final = {status: ListButton.of(Origin(Tab(status))) for status in TABS}


def booking_list(t: Translator, bookings: BookingList) -> Markup:
    """Return a row for each booking, then the tabs, then the filter and page buttons.

    An empty desk has the first steps in place of bookings.
    """
    here = Origin(bookings.key, bookings.page.cursor)
    of_status = status_in(bookings) is not None
    return markup(
        *(
            [button(row(t, booking, of_status=of_status), CardButton.of(here, booking=booking.id))]
            for booking in bookings.page.items
        ),
        *([each] for each in _first_steps(t, bookings)),
        [_tab(bookings, status) for status in TABS] if isinstance(bookings, TabList) else [],
        *in_rows(list(_filters(t, bookings, here)), _TWO),
        of_the_unpaid(t, bookings),
        pages(t, bookings.page, lambda cursor: ListButton.of(Origin(bookings.key, cursor))),
    )


def _first_steps(t: Translator, bookings: BookingList) -> Iterable[Button]:
    if isinstance(bookings, TabList) and bookings.is_of_empty_desk:
        yield begin_adding(t)
        yield import_help(t)


def _filters(t: Translator, bookings: BookingList, here: Origin) -> Iterable[Button]:
    if reviewable(bookings) and bookings.page.items:
        yield begin_review(t, bookings.key)
    if not isinstance(bookings, FoundList) and bookings.key != EVERYTHING and bookings.page.items:
        yield choose_bulk(t, here)
    if not isinstance(bookings, FoundList):
        yield button(t.plain("button-filter"), FilterButton.of(bookings.key))
    if isinstance(bookings, FoundList) and bookings.search.person and bookings.page.items:
        person = PersonButton.of(here, booking=bookings.page.items[0].id)
        yield button(t.plain("button-person"), person)
    if isinstance(bookings, FilteredList):
        yield button(
            t.plain("button-clear-all"), ListButton.of(Origin(Tab(bookings.filter.status)))
        )
    yield button(t.plain("button-refresh"), ListButton.of(here))


def _tab(tabs: TabList, status: BookingStatus | None) -> Button:
    """Return a tab with its count, which the heading has for the one that is open."""
    icon = icons.BOOKING[status]
    if status is tabs.key.status:
        return button(f"{icons.CHOSEN}{icon}", _TABS[status])
    return button(f"{icon} {_short(tabs.counts.get(status, 0))}", _TABS[status])


def _short(count: int) -> str:
    """Return a short count, because five tabs share the width of a phone."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= size:
            return f"{count // size}{unit}"
    return str(count)
