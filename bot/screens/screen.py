"""A screen, whoever shows it: a handler that answers, or a worker that sends or edits."""

from dataclasses import dataclass

from keyboards.markup import Markup


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as it is shown."""

    text: str
    """HTML."""
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A screen that somebody may choose to post into a chat."""

    id: str
    title: str
    """Plain text."""
    screen: Screen
