"""Which bookings have come since the staff were told last."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from db.database import Database
from tests.support.databases import connected

INSERT = "INSERT INTO bookings (user_id, confirmed) VALUES (13, 1) RETURNING id"


async def look(db: Database, *, limit: int = 100) -> Sequence[int]:
    async with db.transaction() as uow:
        assert await uow.arrivals.lock()
        seen = await uow.arrivals.look(limit=limit)
        await uow.arrivals.settle()
    return list(seen)


async def noted(sql: asyncpg.Connection) -> int:
    """Return the number of bookings of which is noted one by one that they came."""
    count: int = await sql.fetchval("SELECT count(*) FROM booking_desk.arrivals")
    return count


async def pass_minutes(sql: asyncpg.Connection) -> None:
    await sql.execute("UPDATE booking_desk.arrivals_seen SET since = since - interval '2 minutes'")


async def test_each_booking_comes_once_and_lowest_numbers_first(
    db: Database, sql: asyncpg.Connection
) -> None:
    made = [await sql.fetchval(INSERT) for _ in range(3)]

    assert await look(db, limit=2) == made[:2]
    assert await look(db, limit=2) == made[2:]
    assert await look(db) == []


async def test_a_booking_that_commits_after_higher_numbers_comes_however_late(
    db: Database, sql: asyncpg.Connection, dsn: str
) -> None:
    async with connected(dsn) as slow:
        await slow.execute("BEGIN")
        late = await slow.fetchval(INSERT)
        early = await sql.fetchval(INSERT)
        assert await look(db) == [early]
        for _ in range(3):
            await pass_minutes(sql)
            assert await look(db) == []
        await slow.execute("COMMIT")

    assert await look(db) == [late]
    assert await look(db) == []


async def test_a_booking_that_is_rolled_back_never_comes(
    db: Database, sql: asyncpg.Connection
) -> None:
    undone = sql.transaction()
    await undone.start()
    await sql.fetchval(INSERT)
    await undone.rollback()
    after = await sql.fetchval(INSERT)

    assert await look(db) == [after]


async def test_what_has_come_is_not_remembered_one_by_one_for_long(
    db: Database, sql: asyncpg.Connection
) -> None:
    for _ in range(3):
        await sql.fetchval(INSERT)
    await look(db)
    assert await noted(sql) == 3

    for _ in range(2):
        await pass_minutes(sql)
        await look(db)

    assert await noted(sql) == 0
    assert await look(db) == []
    assert await look(db) == [] != [await sql.fetchval(INSERT)]


async def test_numbers_that_begin_again_come_again(db: Database, sql: asyncpg.Connection) -> None:
    for _ in range(3):
        await sql.fetchval(INSERT)
    await look(db)
    for _ in range(2):
        await pass_minutes(sql)
        await look(db)
    await sql.execute("TRUNCATE bookings RESTART IDENTITY")
    await look(db)

    again = await sql.fetchval(INSERT)

    assert await look(db) == [again] == [1]


async def test_a_restored_database_whose_transactions_are_counted_anew_goes_on(
    db: Database, sql: asyncpg.Connection
) -> None:
    await sql.fetchval(INSERT)
    await look(db)
    await sql.execute(
        "UPDATE booking_desk.arrivals_seen"
        "   SET running = '9000000000000', since = now() - $1::interval",
        timedelta(minutes=2),
    )

    await look(db)
    await pass_minutes(sql)
    await look(db)

    assert await noted(sql) == 0


async def test_two_replicas_do_not_look_at_the_same_time(db: Database) -> None:
    async with db.transaction() as first, db.transaction() as second:
        assert await first.arrivals.lock()
        assert not await second.arrivals.lock()


async def test_what_an_admin_has_added_is_told_apart(
    db: Database, sql: asyncpg.Connection
) -> None:
    added, made = [await sql.fetchval(INSERT) for _ in range(2)]
    await sql.execute(
        "INSERT INTO booking_desk.audit (booking_id, revision, action, actor_id, actor_name)"
        " SELECT id, revision, 'add', 7, 'Anna' FROM bookings WHERE id = $1",
        added,
    )

    async with db.transaction() as uow:
        assert await uow.arrivals.look(limit=10) == {added: False, made: True}
