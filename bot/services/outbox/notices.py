"""Reading a notice about students whom a welcome has not reached."""

from bot.views.outbox import Notice, Unwelcomed
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import Message


async def read_notice(uow: UnitOfWork, notice: Message) -> Notice:
    """Return whom the notice is about, and those who are merged into it, as they are now."""
    welcomes = await uow.notices.welcomes(notice.id)
    bookings = await uow.bookings.of_ids(
        {each.booking_id for each in welcomes if each.booking_id is not None}
    )
    writers = await uow.notices.writers([each.id for each in welcomes])
    languages = await uow.people.languages([each.chat_id for each in welcomes])
    return Notice(
        id=notice.id,
        students=[
            Unwelcomed(
                booking=_theirs(welcome, bookings.get(welcome.booking_id or 0)),
                welcome=welcome,
                writer=writers.get(welcome.id),
                language=languages[welcome.chat_id],
            )
            for welcome in welcomes
        ],
    )


def _theirs(welcome: Message, booking: Booking | None) -> Booking | None:
    """Return the booking if it is still that of the welcome's student."""
    if booking is None or not welcome.is_about(booking) or booking.user_id != welcome.chat_id:
        return None
    return booking
