"""Whole updates, from the press of a button to its screen and the end of its spinner."""

from collections.abc import Mapping
from functools import partial

from benchmarks.growth.places import Places
from benchmarks.schools.list_bot import ListBot
from benchmarks.support.timing import Operation
from bot.views.lists import Origin
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.lists import ListButton


def presses(desk: ListBot, places: Places) -> Mapping[str, Operation]:
    """Return the presses of buttons under the running desk's list, by name."""
    lists = {**places.tabs, **{name: origin for name, (origin, _) in places.filtered.items()}}
    cards = {
        "a card": places.middle,
        "a card of somebody with thousands of bookings": places.regular,
    }
    payloads = {
        **{name: ListButton.of(origin) for name, origin in lists.items()},
        **{name: CardButton.of(Origin(), booking=booking.id) for name, booking in cards.items()},
    }
    return {name: partial(desk.press, payload) for name, payload in payloads.items()}
