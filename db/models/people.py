"""Names and discounts of one person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A present or former name or username of a person."""

    name: str
    is_username: bool
    since: datetime
    """When it was first seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a person who starts a bot tells about themselves."""

    user_id: int
    first_name: str
    username: str | None
    language: str | None
    at: datetime
    """When, by Telegram, in whole seconds."""
    reaches: bool = True
    """Whether it is the students' bot, which may write to the person from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discounts:
    """The discounts on a person's bookings, without the cancelled ones."""

    bookings: int
    """The number of all bookings, with the cancelled ones."""
    discounted: int
