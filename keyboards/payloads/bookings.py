"""The payloads of the buttons of a card."""

from contextlib import suppress
from typing import Final

from bot.views.lists import Origin
from keyboards.payloads.lists import ListButton
from keyboards.payloads.wire import BookingId, Decision, Offset, Revision, StreamId


class CardButton(ListButton, prefix="c1"):
    """Show one booking; the other fields name the page of the list that it was opened from."""

    booking: BookingId


class DecisionButton(CardButton, prefix="d1"):
    """Confirm or cancel the booking at this revision, or undo the decision that led to it."""

    revision: Revision
    action: Decision


class AskCancelButton(CardButton, prefix="q1"):
    """Ask for confirmation before a confirmed booking is cancelled."""

    revision: Revision


class StreamsButton(CardButton, prefix="s1"):
    """Offer the streams that the booking can be moved into, from number `offset` on."""

    revision: Revision
    offset: Offset = 0


class MoveButton(CardButton, prefix="m1"):
    """Move the booking at this revision into a stream."""

    revision: Revision
    stream: StreamId


_ON_CARD: Final = frozenset(
    each.__prefix__
    for each in (CardButton, DecisionButton, AskCancelButton, StreamsButton, MoveButton)
)


def stays_on_card(data: str | None) -> bool:
    """Whether a button shows nothing but the booking that it stands under."""
    return (data or "").partition(":")[0] in _ON_CARD


def origin_of(data: str | None) -> Origin:
    """Return the page that a button of a card remembers, or else the newest bookings."""
    for button in (DecisionButton, AskCancelButton, StreamsButton, MoveButton):
        with suppress(TypeError, ValueError):
            return button.unpack(data or "").origin
    return Origin()
