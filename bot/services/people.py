"""Everything about the person behind a booking."""

from typing import Final

from bot.errors import BookingNotFound
from bot.services.staff import Staff
from db.database import Database
from db.models import WELCOME, Actor, LogPlace, StudentPage

BOOKINGS_SHOWN: Final = 8
_LINES: Final = 8
"""Of each of names, messages and decisions."""


class PersonService:
    """What admins see of students.

    Raises:
        NotAllowed: from every method, when `by` is not an admin.
    """

    def __init__(self, db: Database, staff: Staff) -> None:
        self._db = db
        self._staff = staff

    async def page(self, booking_id: int, *, by: Actor) -> StudentPage:
        """Return the story of the person whose booking this is.

        Raises:
            BookingNotFound: there is no such booking.
        """
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            booking = await uow.bookings.get(booking_id)
            if booking is None:
                raise BookingNotFound(booking_id)
            bookings = await uow.bookings.of_person(booking.user_id, limit=BOOKINGS_SHOWN)
            names = await uow.names.of_person(booking.user_id, limit=_LINES + 1)
            messages = await uow.outbox.of_person(WELCOME, booking.user_id, limit=_LINES + 1)
            decisions = LogPlace(booking=booking_id, person=True)
            return StudentPage(
                booking=booking,
                names=names[:_LINES],
                older_names=len(names) > _LINES,
                bookings=bookings,
                messages=messages[:_LINES],
                older_messages=len(messages) > _LINES,
                changes=await uow.audit.page(decisions, limit=_LINES),
                decisions=await uow.audit.size(decisions),
                discounts=await uow.bookings.discounts(booking.user_id),
            )
