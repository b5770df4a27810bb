"""Messages of the bot that show a booking."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A booking on a screen: a card, or the one to decide in a review."""

    booking_id: int
    revision: int
    payload: str
    """Of the button that opens the same screen."""
    language: str
    """Of its reader."""
    until: datetime | None
    """When the screen stops being true by itself; None if only a change does that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A message that shows a booking."""

    chat_id: int
    message_id: int
    """Telegram's."""
    booking_id: int
    payload: str | None
    """Of the button that opens the card; None if it is a notice."""
    notice_id: int | None
    """The notice of the outbox; None if it is a card."""
    language: str | None
    """Of its reader; None if it was not known when the message was drawn."""
    due_at: datetime
    """When it had to be drawn again."""
