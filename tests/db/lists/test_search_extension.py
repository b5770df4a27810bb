"""Searches on a server whose desk may not create the extension pg_trgm."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.lists.search import SearchService
from bot.views.lists import FoundList
from db.database import Database
from tests.db.lists.finding import ANNA, NO_GRACE, found


@pytest.fixture
async def guest(empty_dsn: str) -> AsyncIterator[Database]:
    """A database whose owner may not create extensions, with Maria's booking in it."""
    role = f"guest_{uuid4().hex}"
    root = await asyncpg.connect(empty_dsn)
    await root.execute(
        f"""
        CREATE ROLE {role} LOGIN;
        CREATE SCHEMA booking_desk AUTHORIZATION {role};
        CREATE TABLE booking_desk.migrations (
            name text PRIMARY KEY, checksum text NOT NULL, compatible_from integer NOT NULL,
            applied_at timestamptz DEFAULT now());
        ALTER TABLE booking_desk.migrations OWNER TO {role};
        GRANT CREATE ON SCHEMA public TO {role};
        """
    )
    async with Database.connect(empty_dsn.replace("postgres@", f"{role}@")) as db:
        await db.migrate()
        await root.execute("INSERT INTO bookings (user_id, first_name) VALUES (1, 'Мария')")
        yield db
    await root.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}")
    await root.close()


async def test_without_the_extension_names_are_found_by_how_they_begin(guest: Database) -> None:
    search = SearchService(Desk(guest, Staff({ANNA.id})), grace=NO_GRACE)

    assert await found(search, "Мари") == [1]
    assert await found(search, "Мпрея") == []
    assert await found(search, "Мприя") == [1]
    assert await found(search, "ари") == []


@pytest.mark.parametrize("schema", ["booking_desk", "public"])
async def test_the_extension_may_come_later_and_from_anywhere(
    guest: Database, empty_dsn: str, schema: str
) -> None:
    search = SearchService(Desk(guest, Staff({ANNA.id})), grace=NO_GRACE)
    root = await asyncpg.connect(empty_dsn)

    await root.execute(f"CREATE EXTENSION pg_trgm WITH SCHEMA {schema}")
    assert await root.fetchval("SELECT booking_desk.find_fragments()")
    await root.close()

    assert await found(search, "ари") == [1]
    near = await search.find("Марианна", by=ANNA)
    assert isinstance(near, FoundList)
    assert [booking.id for booking in near.page.items] == [1]
