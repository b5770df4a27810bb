"""Which messages are drawn again, and when."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from db.database import Database
from db.models.copies import Copy, Shown
from db.outbox.copies import CopyRepository
from tests.support.postgres import plan_of
from tests.support.school import MakeBooking

LEASE = timedelta(seconds=20)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DUE = "UPDATE booking_desk.copies SET due_at = now() - interval '1 second'"


@pytest.fixture
async def booking(make_booking: MakeBooking) -> int:
    return await make_booking()


async def draw(
    db: Database,
    booking: int,
    *,
    chat: int = 11,
    message: int = 1,
    revision: int | None = None,
    until: datetime | None = None,
) -> None:
    """Note that a message shows the booking, as it is now or at another revision."""
    async with db.transaction() as uow:
        now = await uow.bookings.get(booking)
        assert now is not None
        shown = Shown(
            booking_id=booking,
            revision=now.revision if revision is None else revision,
            payload="c1:a:f:::1",
            language="en",
            until=until,
        )
        await uow.copies.drawn(chat, message, shown)


async def touch(db: Database, booking: int) -> None:
    async with db.transaction() as uow:
        await uow.copies.touch(booking)


async def claim(db: Database, *, resting: Collection[int] = (), limit: int = 10) -> Sequence[Copy]:
    async with db.transaction() as uow:
        return await uow.copies.claim(resting=resting, limit=limit, lease=LEASE)


async def settle(db: Database, copy: Copy) -> None:
    async with db.transaction() as uow:
        await uow.copies.settle(copy, again=None)


async def take(db: Database, *, chat: int = 11, message: int = 1) -> bool:
    async with db.statement() as uow:
        return await uow.copies.take(chat, message)


async def test_a_card_is_due_when_what_it_says_ends(db: Database, booking: int) -> None:
    await draw(db, booking, until=LONG_AGO)
    await draw(db, booking, message=2, chat=12, until=datetime.now(UTC) + timedelta(hours=1))
    await draw(db, booking, message=3, chat=13)

    assert [copy.message_id for copy in await claim(db)] == [1]


async def test_a_card_of_an_older_revision_is_due_at_once(db: Database, booking: int) -> None:
    await draw(db, booking, revision=-1)

    assert len(await claim(db)) == 1


async def test_a_copy_is_claimed_once_and_a_dead_workers_again(
    db: Database, booking: int, sql: asyncpg.Connection
) -> None:
    await draw(db, booking, until=LONG_AGO)
    assert len(await claim(db)) == 1
    assert await claim(db) == []

    await sql.execute("UPDATE booking_desk.copies SET leased_until = now() - interval '1 second'")

    assert len(await claim(db)) == 1


async def test_of_each_chat_one_copy_is_claimed_and_none_of_one_that_rests(
    db: Database, booking: int
) -> None:
    for chat in (11, 12):
        for message in (1, 2):
            await draw(db, booking, chat=chat, message=message, until=LONG_AGO)

    assert [copy.chat_id for copy in await claim(db, resting=[12])] == [11]
    assert sorted(copy.chat_id for copy in await claim(db)) == [11, 12]


async def test_nothing_is_due_in_a_chat_that_rests(db: Database, booking: int) -> None:
    await draw(db, booking, until=LONG_AGO)

    async with db.statement() as uow:
        assert await uow.copies.seconds_to_next(resting=[11]) is None
    async with db.statement() as uow:
        assert await uow.copies.seconds_to_next(resting=[12]) == 0


async def test_a_change_while_a_copy_is_drawn_has_it_drawn_once_more(
    db: Database, booking: int, sql: asyncpg.Connection
) -> None:
    await draw(db, booking, until=LONG_AGO)
    [copy] = await claim(db)
    await touch(db, booking)

    await settle(db, copy)

    await sql.execute(DUE)
    assert len(await claim(db)) == 1


async def test_what_is_drawn_is_due_no_more(db: Database, booking: int) -> None:
    await draw(db, booking, until=LONG_AGO)
    [copy] = await claim(db)

    await settle(db, copy)

    async with db.statement() as uow:
        assert await uow.copies.seconds_to_next() is None


async def test_a_change_puts_no_earlier_time_off(db: Database, booking: int) -> None:
    await draw(db, booking, until=LONG_AGO)

    await touch(db, booking)

    assert len(await claim(db)) == 1


async def test_a_press_waits_only_for_who_draws_on_its_message(db: Database, booking: int) -> None:
    await draw(db, booking, until=LONG_AGO)
    await draw(db, booking, message=2)
    [copy] = await claim(db)

    assert not await take(db)
    assert await take(db, message=2)
    assert await take(db, message=3)
    await settle(db, copy)
    assert await take(db)
    async with db.transaction() as uow:
        await uow.copies.touch(booking)
        assert await uow.copies.seconds_to_next() is None


async def test_only_copies_of_long_ago_are_forgotten(
    db: Database, booking: int, sql: asyncpg.Connection
) -> None:
    await draw(db, booking)
    await draw(db, booking, message=2)
    await sql.execute(
        "UPDATE booking_desk.copies SET drawn_at = now() - interval '31 days' WHERE message_id = 2"
    )

    async with db.transaction() as uow:
        await uow.copies.forget_old(timedelta(days=30), limit=10)

    assert [row["message_id"] for row in await sql.fetch("SELECT * FROM booking_desk.copies")] == [
        1
    ]


async def test_changes_of_a_booking_read_no_table_of_copies_from_end_to_end(
    sql: asyncpg.Connection,
) -> None:
    await sql.execute(
        """
        INSERT INTO booking_desk.copies (chat_id, message_id, booking_id, payload)
        SELECT 11, n, n, 'c1:' FROM generate_series(1, 10000) AS n;
        ANALYZE booking_desk.copies;
        """
    )

    plan = await plan_of(sql, CopyRepository(sql).touch(7))

    assert plan.rows_read("copies") <= 2
