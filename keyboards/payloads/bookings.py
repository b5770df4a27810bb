"""The payloads of the buttons of a card."""

from contextlib import suppress
from typing import Final

from bot.views.lists import Origin, Place
from bot.views.outbox import MessageAction
from keyboards.payloads.base import Payload
from keyboards.payloads.lists import ListButton
from keyboards.payloads.places import PlaceName, place_at
from keyboards.payloads.wire import (
    Attempts,
    BookingId,
    Decision,
    Offset,
    Revision,
    StreamId,
)


class CardButton(ListButton, prefix="c1"):
    """Show one booking; the other fields name the place that it was opened from."""

    tab: PlaceName
    booking: BookingId

    @property
    def place(self) -> Place:
        """Where a button back leads."""
        return place_at(self.tab, super().cursor)


class NoticeCardButton(Payload, prefix="c2"):
    """Open the booking of a notice, which stays where it is."""

    booking: BookingId


class DecisionButton(CardButton, prefix="d1"):
    """Confirm, cancel or reopen the booking at this revision, or undo what led to it."""

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


class RemindButton(CardButton, prefix="z1"):
    """Remind the student of the booking at this revision, or take that back."""

    revision: Revision
    undo: bool = False


class WelcomeActionButton(CardButton, prefix="w1"):
    """Act on the newest welcome of the booking at this revision, after so many attempts."""

    revision: Revision
    attempts: Attempts
    action: MessageAction


class WelcomeButton(CardButton, prefix="w2"):
    """Show the newest welcome of the booking."""


_ACTING: Final = (
    DecisionButton,
    AskCancelButton,
    StreamsButton,
    MoveButton,
    RemindButton,
    WelcomeActionButton,
)
_ON_CARD: Final = frozenset(each.__prefix__ for each in (CardButton, *_ACTING))


def stays_on_card(data: str | None) -> bool:
    """Whether a button shows nothing but the booking that it stands under."""
    return (data or "").partition(":")[0] in _ON_CARD


def place_in(data: str | None) -> Place:
    """Return the place that a button of a card remembers, or else the newest bookings."""
    for button in _ACTING:
        with suppress(TypeError, ValueError):
            return button.unpack(data or "").place
    return Origin()
