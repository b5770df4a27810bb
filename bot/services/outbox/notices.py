"""Reading a notice about students whom a message has not reached."""

from bot.views.outbox import Missed, Notice
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import Message


async def read_notice(uow: UnitOfWork, notice: Message) -> Notice:
    """Return whom the notice is about, and those who are merged into it, as they are now."""
    messages = await uow.notices.messages(notice.id)
    bookings = await uow.bookings.of_ids(
        {each.booking_id for each in messages if each.booking_id is not None}
    )
    writers = await uow.notices.writers([each.id for each in messages])
    languages = await uow.people.languages([each.chat_id for each in messages])
    return Notice(
        id=notice.id,
        students=[
            Missed(
                booking=_theirs(message, bookings.get(message.booking_id or 0)),
                message=message,
                writer=writers.get(message.id),
                language=languages[message.chat_id],
            )
            for message in messages
        ],
    )


def _theirs(message: Message, booking: Booking | None) -> Booking | None:
    """Return the booking if it is still that of the message's student."""
    if booking is None or not message.is_about(booking) or booking.user_id != message.chat_id:
        return None
    return booking
