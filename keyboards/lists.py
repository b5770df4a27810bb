"""The buttons under the lists of bookings."""

from collections.abc import Iterable
from typing import Final

from bot.i18n import Translator
from bot.texts import icons
from bot.texts.lists import TABS, row
from bot.views.lists import BookingList, FilteredList, FoundList, Origin, Tab, TabList
from db.models.bookings import BookingStatus
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import pages
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.filters import FilterButton
from keyboards.payloads.lists import ListButton

_TABS: Final = {status: ListButton.of(Origin(Tab(status))) for status in TABS}


def booking_list(t: Translator, shown: BookingList) -> Markup:
    """A row for each booking, then the tabs, then the ways to other pages."""
    here = Origin(shown.key, shown.page.cursor)
    return markup(
        *(
            [button(row(t, each), CardButton.of(here, booking=each.id))]
            for each in shown.page.items
        ),
        [_tab(shown, status) for status in TABS] if isinstance(shown, TabList) else [],
        _filters(t, shown),
        pages(t, shown.page, lambda cursor: ListButton.of(Origin(shown.key, cursor))),
    )


def _filters(t: Translator, shown: BookingList) -> Iterable[Button]:
    if not isinstance(shown, FoundList):
        yield button(t.plain("button-filter"), FilterButton.of(shown.key))
    if isinstance(shown, FilteredList):
        yield button(t.plain("button-clear-all"), ListButton.of(Origin()))


def _tab(shown: TabList, status: BookingStatus | None) -> Button:
    mark = "• " if status is shown.key.status else ""
    label = f"{mark}{icons.BOOKING[status]} {_short(shown.counts.get(status, 0))}"
    return button(label, _TABS[status])


def _short(count: int) -> str:
    """Five tabs share the width of a phone."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= 10 * size:
            return f"{count // size}{unit}"
    return str(count)
