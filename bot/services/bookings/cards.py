"""Reading the card of one booking."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.services.bookings import transitions
from bot.services.bookings.effects import TELLING
from bot.services.bookings.reminding import reminded
from bot.services.outbox.acting import writer_of
from bot.views.bookings import Card
from db.database import UnitOfWork
from db.models.audit import Change
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.outbox import REMINDER, WELCOME, Message

_MESSAGES_SHOWN: Final = 3
_DUPLICATES_SHOWN: Final = 3


async def read_card(
    uow: UnitOfWork, booking: Booking, change: Change | None, *, grace: timedelta
) -> Card:
    """Return the card of the booking; `change` is its newest."""
    messages = await uow.outbox.of_booking(WELCOME, booking, limit=_MESSAGES_SHOWN)
    actions = set(transitions.actions(booking.status))
    telling = await read_telling(uow, change)
    undo_until = None
    if (
        change is not None
        and transitions.undoable(change, booking, grace)
        and not any(
            message.revision == change.revision and message.may_be_known
            for message in [*messages, *filter(None, [telling])]
        )
    ):
        actions.add(BookingAction.UNDO)
        undo_until = change.at + grace
    reminders: Sequence[Message] = []
    if booking.status is BookingStatus.NEW:
        reminders = await uow.outbox.of_booking(REMINDER, booking, limit=1)
    card = Card(
        booking=booking,
        decision=change,
        messages=messages,
        actions=actions,
        undo_until=undo_until,
        telling=telling,
        reminder=reminders[0] if reminders else None,
        may_remind=booking.status is BookingStatus.NEW and not await reminded(uow, {booking.id}),
        duplicates=await uow.bookings.duplicates(
            booking.user_id, booking.course_id, beside=booking.id, limit=_DUPLICATES_SHOWN
        ),
    )
    if card.lost is None:
        return card
    return replace(card, writer=await writer_of(uow, card.lost))


async def read_telling(uow: UnitOfWork, change: Change | None) -> Message | None:
    """Return the message by which the student is told of a change, if there is one."""
    if change is None or change.actor is None or change.action not in TELLING:
        return None
    owed = await uow.outbox.of_revision(
        TELLING[change.action], change.booking_id, change.revision, limit=1
    )
    return owed[0] if owed else None
