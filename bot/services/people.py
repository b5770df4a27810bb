"""The page of the person behind a booking."""

from typing import Final

from bot.errors import BookingNotFound
from bot.services.access import Desk
from bot.views.people import StudentPage
from db.models.audit import Actor, LogFilter
from db.models.lists import START
from db.models.outbox import WELCOME

BOOKINGS_SHOWN: Final = 8
_LINES: Final = 8
"""Rows of each section: names, messages, decisions."""


class PersonService:
    """Pages of students, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not read.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, booking_id: int, *, by: Actor) -> StudentPage:
        """Return the page of the person who made the booking.

        Raises:
            BookingNotFound: there is no such booking.
        """
        async with self._desk.snapshot(by) as uow:
            booking = await uow.bookings.get(booking_id)
            if booking is None:
                raise BookingNotFound(booking_id)
            uow.allow(booking.course_id)
            bookings = await uow.bookings.of_person(booking.user_id, limit=BOOKINGS_SHOWN)
            names = await uow.names.of_person(booking.user_id, limit=_LINES + 1)
            messages = await uow.outbox.of_person(WELCOME, booking.user_id, limit=_LINES + 1)
            decisions = LogFilter(booking=booking_id, person=True)
            return StudentPage(
                booking=booking,
                names=names[:_LINES],
                older_names=len(names) > _LINES,
                bookings=bookings,
                messages=messages[:_LINES],
                older_messages=len(messages) > _LINES,
                changes=await uow.audit.page(decisions, START, limit=_LINES),
                decisions=await uow.audit.count(decisions),
                discounts=await uow.bookings.discounts(booking.user_id),
            )
