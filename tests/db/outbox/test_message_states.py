"""Transitions of messages: every pair of states, by every method."""

from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
import pytest

from db.database import Database, UnitOfWork
from db.models.audit import Actor
from db.models.bookings import BookingAction
from db.models.outbox import (
    MESSAGE_TRANSITIONS,
    WELCOME,
    Claim,
    GroupKey,
    Message,
    MessageState,
    OutgoingMessage,
    Reason,
    Sender,
)
from tests.db.outbox.owing import KINDS
from tests.support.school import ANNA_ID, VERA_ID, MakeBooking
from tests.support.values import a_booking

BOT: Final = 1001
REVISION: Final = 1
ANNA: Final = Actor(id=ANNA_ID, name="Anna")

QUEUED, SENDING, SENT = MessageState.QUEUED, MessageState.SENDING, MessageState.SENT
UNKNOWN, WAITING = MessageState.UNKNOWN, MessageState.WAITING
FAILED, WITHDRAWN = MessageState.FAILED, MessageState.WITHDRAWN
ALLOWED: Final[Mapping[MessageState, Set[MessageState]]] = {
    QUEUED: {SENDING, WITHDRAWN},
    SENDING: {QUEUED, SENT, UNKNOWN, WAITING, FAILED, WITHDRAWN},
    SENT: {UNKNOWN},
    UNKNOWN: {QUEUED, WITHDRAWN, SENT},
    WAITING: {QUEUED, WITHDRAWN},
    FAILED: {QUEUED, WITHDRAWN},
    WITHDRAWN: {QUEUED},
}

Way = Callable[[UnitOfWork, Message], Awaitable[object]]


def held(message: Message) -> Claim:
    return Claim(message=message, claimed_at=datetime.now(UTC), language=None)


def booking_of(message: Message) -> int:
    assert message.booking_id is not None
    return message.booking_id


def ending(state: MessageState) -> Way:
    return lambda uow, message: uow.queue.end(held(message), state)


def moving(state: MessageState) -> Way:
    return lambda uow, message: uow.outbox.move(message, state, None)


WAYS: Final[Mapping[MessageState, Sequence[Way]]] = {
    QUEUED: [
        lambda uow, message: uow.queue.postpone(held(message), timedelta(0), reason=None),
        lambda uow, message: uow.queue.proceed(
            BOT, held(message), text=None, telegram_message_id=1
        ),
        lambda uow, message: uow.queue.release(held(message)),
        lambda uow, _: uow.queue.reclaim(),
        lambda uow, message: uow.outbox.wake(message.chat_id),
        lambda uow, message: uow.outbox.restore(booking_of(message), revision=REVISION),
        lambda uow, message: uow.messages.queue_group(
            GroupKey(message.state, message.reason), limit=1
        ),
        moving(QUEUED),
    ],
    SENDING: [
        lambda uow, _: uow.queue.claim(BOT, list(Sender), KINDS, 1, lease=timedelta(minutes=1))
    ],
    SENT: [ending(SENT), moving(SENT)],
    UNKNOWN: [ending(UNKNOWN), moving(UNKNOWN)],
    WAITING: [ending(WAITING)],
    FAILED: [ending(FAILED)],
    WITHDRAWN: [
        lambda uow, message: uow.outbox.withdraw(
            WELCOME, booking_of(message), reason=Reason.CANCELLED
        ),
        moving(WITHDRAWN),
        ending(WITHDRAWN),
    ],
}


async def put_in(
    db: Database, sql: asyncpg.Connection, booking_id: int, state: MessageState
) -> Message:
    """Bring a welcome into a state, such that nothing but the state is in anybody's way."""
    booking = a_booking(id=booking_id, revision=REVISION)
    async with db.transaction() as uow:
        await uow.gates.build(BOT)
        await uow.outbox.owe(
            OutgoingMessage.about(
                WELCOME, booking_id, REVISION, chat_id=VERA_ID, sender=Sender.STUDENTS
            )
        )
        await uow.audit.record(BookingAction.CANCEL, booking, booking, by=ANNA)
    message_id = await sql.fetchval(
        """
        UPDATE booking_desk.outbox AS message
           SET state = $1, reason = 'cancelled', attempts = 1, due_at = now(), ended_at = audit.at
          FROM booking_desk.audit
         WHERE audit.booking_id = message.booking_id
        RETURNING message.id
        """,
        state,
    )
    async with db.snapshot() as uow:
        message = await uow.messages.get(message_id)
    assert message is not None
    return message


async def state_after(
    db: Database, sql: asyncpg.Connection, way: Way, message: Message
) -> MessageState:
    async with db.transaction() as uow:
        await way(uow, message)
    return MessageState(await sql.fetchval("SELECT state FROM booking_desk.outbox"))


async def states_reached(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking, *pair: MessageState
) -> Set[MessageState]:
    """Try every way to the second state on a message in the first one."""
    source, target = pair
    reached = set()
    for way in WAYS[target]:
        await sql.execute("TRUNCATE booking_desk.outbox, booking_desk.audit CASCADE")
        await sql.execute("TRUNCATE booking_desk.chat_gates")
        message = await put_in(db, sql, await make_booking(confirmed=2), source)
        reached.add(await state_after(db, sql, way, message))
    return reached


def test_the_table_is_the_one_the_program_goes_by() -> None:
    assert MESSAGE_TRANSITIONS == ALLOWED


@pytest.mark.parametrize("source", MessageState)
async def test_a_message_goes_where_the_table_says_and_nowhere_else(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking, source: MessageState
) -> None:
    reached = {
        target: await states_reached(db, sql, make_booking, source, target)
        for target in MessageState
    }

    left_for = {target for target, states in reached.items() if states != {source}}
    assert left_for == ALLOWED[source]
    assert all(states <= {source, target} for target, states in reached.items())
