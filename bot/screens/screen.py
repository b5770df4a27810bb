"""A screen, shown by a handler or by a worker."""

from dataclasses import dataclass

from db.models.copies import Shown
from keyboards.markup import Markup


@dataclass(frozen=True, slots=True)
class Screen:
    """The text and buttons of one message."""

    text: str
    """HTML."""
    markup: Markup | None = None
    shown: Shown | None = None
    """The booking on it, if the screen is drawn again when that changes: a card, or a review."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A screen that an admin can choose to post into a chat."""

    id: str
    title: str
    """Plain text."""
    screen: Screen
