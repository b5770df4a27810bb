"""PgBouncer before the database, in both modes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db.database import Database
from db.server.address import Address
from db.server.connecting import Connector
from db.server.fitness import DatabaseUnfit, examine, sessions_last
from db.server.pool import SessionPool
from db.sessions import Transaction
from tests.support.databases import connected
from tests.support.net.pooler import pooler

TIMES = 40


@pytest.fixture
async def lending(dsn: str) -> AsyncIterator[str]:
    """Return the address of a pooler that lends a session for one transaction."""
    async with pooler(dsn, mode="transaction") as url:
        yield url


@pytest.fixture
async def keeping(dsn: str) -> AsyncIterator[str]:
    """Return the address of a pooler that keeps a session for each of its clients."""
    async with pooler(dsn, mode="session") as url:
        yield url


async def test_sessions_that_do_not_last_are_found_out(lending: str) -> None:
    with pytest.raises(DatabaseUnfit, match=r"^DATABASE_URL leads .* Set also DATABASE_DIRECT_"):
        await examine(lending)


async def test_a_pooler_is_found_out_whichever_session_it_lends(dsn: str) -> None:
    async with pooler(dsn, mode="transaction", round_robin=True) as url:
        # So the pooler has several, of which the lock takes one and the notification another.
        await asyncio.gather(*(_busy(url) for _ in range(3)))

        with pytest.raises(DatabaseUnfit):
            await examine(url, hearing=0.3)


async def _busy(url: str) -> None:
    async with connected(url) as sql, sql.transaction():
        await sql.execute("SELECT pg_sleep(0.1)")


async def test_a_lock_that_does_not_exclude_is_found_out(dsn: str) -> None:
    session = await Connector(Address.parse(dsn)).connect(seconds=5)

    assert not await sessions_last(session, session)

    session.terminate()


async def test_finding_out_leaves_no_lock_in_the_sessions_of_others(
    dsn: str, lending: str
) -> None:
    with pytest.raises(DatabaseUnfit):
        await examine(lending)

    async with connected(dsn) as sql:
        assert not await sql.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")


async def test_sessions_that_last_are_accepted(dsn: str, lending: str, keeping: str) -> None:
    for url, direct in ((dsn, None), (keeping, None), (lending, dsn), (lending, keeping)):
        assert (await examine(url, direct)).tls is None


async def test_the_direct_address_must_lead_to_lasting_sessions_of_the_same_database(
    lending: str, server: str
) -> None:
    for direct in (lending, server):
        with pytest.raises(DatabaseUnfit, match=r"^DATABASE_DIRECT_URL leads "):
            await examine(lending, direct)


async def test_every_door_works_through_lent_sessions(dsn: str, lending: str) -> None:
    async def change() -> None:
        async with db.transaction() as uow:
            await uow.streams.learn_from_courses()

    async def read() -> None:
        async with db.snapshot() as uow:
            assert await uow.actors.ids() == set()

    async def ask() -> None:
        async with db.statement() as uow:
            assert await uow.bookings.get(1) is None

    async def ask_otherwise() -> None:
        async with db.statement() as uow:
            assert await uow.actors.ids() == set()

    async with Database.connect(lending, direct=dsn) as db:
        await db.migrate()
        doors = (change, read, ask, ask_otherwise, db.ping)
        await asyncio.gather(*(door() for _ in range(TIMES) for door in doors))


async def test_a_lock_excludes_others_though_sessions_are_lent(dsn: str, lending: str) -> None:
    async with (
        Database.connect(lending, direct=dsn) as db,
        Database.connect(lending, direct=dsn) as other,
        db.lock("polling") as ours,
        other.lock("polling") as theirs,
    ):
        assert await ours.ours()
        assert not await theirs.ours()


async def test_the_least_connections_do_for_two_locks_and_a_repair(dsn: str, lending: str) -> None:
    async with (
        Database.connect(lending, direct=dsn, connections=3) as db,
        db.lock("one bot") as one,
        db.lock("the other") as other,
    ):
        assert await one.ours()
        assert await other.ours()
        await db.repair()
        await db.ping()


async def test_a_lent_session_has_limits_and_a_name_for_one_transaction(lending: str) -> None:
    names = "lock_timeout", "idle_in_transaction_session_timeout", "application_name"
    query = f"SELECT {', '.join(f'current_setting({name!r})' for name in names)}"
    connector = Connector(Address.parse(lending))
    async with SessionPool.opened(connector, most=1, shared=True) as pool:
        async with (
            pool.session() as connection,
            Transaction(connection, begin=pool.begin),
        ):
            within = await connection.fetchrow(query)

        async with connected(lending + "&application_name=dashboard") as other:
            after = await other.fetchrow(query)

    assert tuple(within) == ("2s", "10s", "booking-desk")
    assert tuple(after) == ("0", "0", "dashboard")
