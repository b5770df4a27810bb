"""A school that has been running for two years, as the tests of its database find it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest

from db.database import Database

LEGACY: Final = (Path(__file__).parents[1] / "data" / "legacy_school.sql").read_text("utf-8")


@pytest.fixture
async def school(empty_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The school's own connection to its database, which no desk has seen yet."""
    connection = await asyncpg.connect(empty_dsn)
    await connection.execute(LEGACY)
    yield connection
    connection.terminate()


@pytest.fixture
async def adopted(school: asyncpg.Connection, empty_dsn: str) -> AsyncIterator[Database]:
    async with Database.connect(empty_dsn) as db:
        await db.migrate()
        yield db


@pytest.fixture
async def student_bot(
    adopted: Database, school: asyncpg.Connection, empty_dsn: str
) -> AsyncIterator[asyncpg.Connection]:
    """The student bot and the dashboard: a role that may write to the school's tables alone."""
    role = f"student_bot_{uuid4().hex}"
    await school.execute(
        f"""
        CREATE ROLE {role} LOGIN;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
        """
    )
    connection = await asyncpg.connect(empty_dsn, user=role)
    yield connection
    connection.terminate()
    await school.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
