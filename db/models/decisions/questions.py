"""Questions: what an admin is asked before a booking is cancelled or moved."""

from dataclasses import dataclass
from typing import Final

from db.models.audit import Remark
from db.models.bookings import BookingAction

LONGEST_WORDS: Final = 1000
"""Characters of an admin's own words; a card and a student's message have room for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, with what its admin has written so far."""

    id: int
    booking_id: int
    revision: int
    """The booking's, when it was asked."""
    action: BookingAction
    """CANCEL or MOVE."""
    back: str
    """The payload of the button back."""
    words: str | None
    """The admin's own words."""
    version: int
    """Rises with the words; a button names the one it was drawn for."""

    @property
    def remark(self) -> Remark | None:
        return None if self.words is None else Remark.of_words(self.words)
