"""The buttons under the lists of bookings."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.i18n import Translator
from bot.texts import icons
from bot.texts.lists import TABS, row
from db.models import Booking, BookingList, BookingStatus, Edge, Page, Place
from keyboards.callbacks import CardButton, FilterButton, ListButton
from keyboards.markup import Button, Markup, button, markup

_TAB_PAYLOADS: Final = {status: ListButton.of(Place(status=status)) for status in TABS}


def booking_list(t: Translator, shown: BookingList) -> Markup:
    """A row for each booking, then the tabs, then the ways to other pages."""
    page = shown.page
    return markup(
        *(
            [button(row(t, each), CardButton.of(page.place, booking=each.id))]
            for each in page.items
        ),
        [] if shown.page.place.view else [_tab(shown, status) for status in TABS],
        _filters(t, shown),
        _pages(t, page),
    )


def _filters(t: Translator, shown: BookingList) -> Iterable[Button]:
    if shown.found is None:
        yield button(t.plain("button-filter"), FilterButton.of(shown.page.place))
    if shown.filtered is not None:
        yield button(t.plain("button-clear-all"), ListButton.of(Place(status=None)))


def _tab(shown: BookingList, status: BookingStatus | None) -> Button:
    mark = "• " if status is shown.page.place.status else ""
    label = f"{mark}{icons.BOOKING[status]} {_short(shown.counts.get(status, 0))}"
    return button(label, _TAB_PAYLOADS[status])


def _short(count: int) -> str:
    """Five tabs share the width of a phone."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= 10 * size:
            return f"{count // size}{unit}"
    return str(count)


def _pages(t: Translator, page: Page[Booking]) -> Iterable[Button]:
    first = replace(page.place, edge=Edge.FIRST, at=None, id=None)
    if page.previous:
        yield button(t.plain("button-first"), ListButton.of(first))
        yield button(t.plain("button-previous"), ListButton.of(page.previous))
    if page.previous or page.next:
        label = t.plain("button-page", number=page.number, last=page.last)
        yield button(label, ListButton.of(page.place))
    if page.next:
        last = replace(first, edge=Edge.LAST)
        yield button(t.plain("button-next"), ListButton.of(page.next))
        yield button(t.plain("button-last", last=page.last), ListButton.of(last))
