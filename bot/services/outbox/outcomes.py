"""What comes of an attempt to send a message."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from db.models.bookings import Reachability
from db.models.outbox import MessageState, Reason


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has accepted an act of the message."""

    telegram_message_id: int | None
    """None if the act added no message to the chat."""
    more: bool = False
    """Another act follows."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The message ends in this state, unless something wakes it later."""

    state: MessageState
    reason: Reason
    reachability: Reachability | None = None
    """What the end says about the person."""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was sent; the next attempt comes after `delay`."""

    reason: Reason
    delay: timedelta


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing was sent, because Telegram asks for a pause; this does not count as a try."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was sent, because the group has a new id."""

    chat_id: int


Outcome: TypeAlias = Sent | Ended | Later | Paused | Moved
