"""Bookings that admins add themselves."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from db.models.bookings import BookingStatus, status_of


class DraftField(StrEnum):
    """What a draft needs, in the order in which it is asked for."""

    PERSON = "person"
    COURSE = "course"
    STREAM = "stream"
    STATUS = "status"


ADDABLE: Final = (BookingStatus.NEW, BookingStatus.PENDING, BookingStatus.CONFIRMED)
"""The statuses that a booking can be added with."""
TYPED: Final = (DraftField.PERSON, DraftField.COURSE, DraftField.STREAM)
"""The fields that the admin's next message answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can have a booking."""

    user_id: int
    first_name: str | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBooking:
    """What is written of a booking; the rest is the school's defaults."""

    person: Person
    course_id: int | None
    course_stream: str | None
    confirmed: int
    created_at: datetime
    referral_code: str | None = None
    discount_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A booking that an admin is about to add."""

    id: int
    revision: int
    asks: DraftField | None
    """None when nothing is missing but the admin's word."""
    user_id: int | None = None
    username: str | None = None
    first_name: str | None = None
    course_id: int | None = None
    course_name: str | None = None
    """Of a course that there is not yet; otherwise the draft has the number."""
    course_stream: str | None = None
    confirmed: int | None = None
    booking_id: int | None = None
    """The booking that it has become."""

    @property
    def status(self) -> BookingStatus:
        return status_of(self.confirmed)

    @property
    def person(self) -> Person | None:
        if self.user_id is None:
            return None
        return Person(user_id=self.user_id, first_name=self.first_name, username=self.username)

    def has(self, field: DraftField) -> bool:
        match field:
            case DraftField.PERSON:
                return self.user_id is not None
            case DraftField.COURSE:
                return self.course_id is not None or self.course_name is not None
            case DraftField.STREAM:
                return self.course_stream is not None
            case DraftField.STATUS:
                return self.confirmed is not None

    def asking(self) -> "Draft":
        """Return the draft that asks for the first thing it lacks."""
        return replace(self, asks=next((each for each in DraftField if not self.has(each)), None))
