"""What is known of one person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name or a username that a person has or had."""

    name: str
    is_username: bool
    since: datetime
    """When it was first seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discounts:
    """What a person was granted on their bookings, cancelled ones left out."""

    bookings: int
    """Bookings at all, cancelled ones too."""
    discounted: int
    percent: int
    """Of all these discounts together."""
