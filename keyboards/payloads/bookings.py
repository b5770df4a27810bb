"""The payloads of the buttons of a card."""

from contextlib import suppress
from typing import Final

from bot.views.acting import MessageAction
from bot.views.lists import Origin, Place
from keyboards.payloads.base import Payload
from keyboards.payloads.lists import ListButton
from keyboards.payloads.places import PlaceName, place_at
from keyboards.payloads.questions import AnswerButton, QuestionButton
from keyboards.payloads.wire import (
    Attempts,
    BookingId,
    Decision,
    Revision,
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


class NoticeDecisionButton(Payload, prefix="c5"):
    """Confirm the booking of a notice at this revision, or undo what led to it."""

    booking: BookingId
    revision: Revision
    action: Decision


class DecisionButton(CardButton, prefix="d1"):
    """Confirm or reopen the booking at this revision, or undo what led to it."""

    revision: Revision
    action: Decision


class AskCancelButton(CardButton, prefix="q1"):
    """Ask before the booking is cancelled."""

    revision: Revision


class AskMoveButton(CardButton, prefix="s2"):
    """Ask to which stream the booking is moved."""

    revision: Revision


class RemindButton(CardButton, prefix="z1"):
    """Remind the student of the booking at this revision, or take that back."""

    revision: Revision
    undo: bool = False


class LostActionButton(CardButton, prefix="w3"):
    """Act on the message that has not reached the student, after so many attempts."""

    revision: Revision
    attempts: Attempts
    action: MessageAction


class LostButton(CardButton, prefix="w2"):
    """Show a message that has not reached the student."""

    message: BookingId


_ACTING: Final = (
    DecisionButton,
    AskCancelButton,
    AskMoveButton,
    RemindButton,
    LostActionButton,
)
_ON_CARD: Final = frozenset(
    each.__prefix__ for each in (CardButton, *_ACTING, QuestionButton, AnswerButton)
)


def stays_on_card(data: str | None) -> bool:
    """Whether a button shows nothing but the booking that it stands under."""
    return (data or "").partition(":")[0] in _ON_CARD


def is_noticed(data: str | None) -> bool:
    """Whether a button decides from a notice, which is no card."""
    return (data or "").partition(":")[0] == NoticeDecisionButton.__prefix__


def place_in(data: str | None) -> Place:
    """Return the place that a button of a card remembers, or else the newest bookings."""
    for button in (CardButton, *_ACTING):
        with suppress(TypeError, ValueError):
            return button.unpack(data or "").place
    return Origin()
