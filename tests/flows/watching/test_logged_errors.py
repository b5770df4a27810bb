"""What errors quote of people, a row or a message, comes into no log line."""

import asyncio
import json
import logging
from typing import Final

import asyncpg
import pytest
import structlog
from aiogram.exceptions import ClientDecodeError
from aiogram.types import User

from bot.logs import configure_logging, log_loop_error
from db.database import Database
from db.errors import DatabaseUnavailable
from tests.flows.watching.test_logs import logged

NAME: Final = "Vera Secretova"
TABLE: Final = """
    CREATE DOMAIN short AS text CHECK (length(VALUE) < 5);
    CREATE TABLE people (
        number int PRIMARY KEY, name text CHECK (name = ''), phone text NOT NULL, born date,
        short short, parent int REFERENCES people
    );
    CREATE FUNCTION school() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no place for %', NEW.name USING DETAIL = NEW.name, HINT = NEW.name; END
    $$;
    CREATE TABLE guarded (name text UNIQUE, EXCLUDE (name WITH =));
    INSERT INTO guarded VALUES ('Vera Secretova');
    CREATE TABLE refusing (name text);
    CREATE TRIGGER school BEFORE INSERT ON refusing FOR EACH ROW EXECUTE FUNCTION school()
"""
REFUSED: Final = {
    "check": "INSERT INTO people (number, name, phone) VALUES (1, 'Vera Secretova', '')",
    "null": "INSERT INTO people (number, name) VALUES (1, 'Vera Secretova')",
    "unique": "INSERT INTO guarded VALUES ('Vera Secretova')",
    "number": "SELECT name::int FROM guarded",
    "date": "SELECT name::date FROM guarded",
    "json": "SELECT name::json FROM guarded",
    "regex": "SELECT 'a' ~ (name || '(') FROM guarded",
    "domain": "SELECT name::short FROM guarded",
    "school": "INSERT INTO refusing SELECT name FROM guarded",
}


def lines_about(error: BaseException) -> str:
    """Log an error in all ways that there are, and return what is written."""
    logger = structlog.get_logger("bot.app")
    with logged() as read:
        configure_logging()
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(log_loop_error)
        loop.call_exception_handler({"message": "lost", "exception": error, "future": error})
        loop.close()
        several = ExceptionGroup("several", [RuntimeError("why")])
        several.__cause__ = error
        logger.error("ours", exc_info=several)
        group = BaseExceptionGroup("several", [error])
        logging.getLogger("theirs").error("theirs", exc_info=group)
        logger.warning("ours", reason=error)
        return read()


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
async def test_a_row_that_postgresql_refuses(sql: asyncpg.Connection, statement: str) -> None:
    await sql.execute(TABLE)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await sql.execute(statement)

    written = lines_about(refused.value)

    assert "Vera" not in written
    assert type(refused.value).__name__ in written


async def test_a_value_that_asyncpg_refuses(sql: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.DataError, match=NAME) as refused:
        await sql.fetchval("SELECT $1::int", NAME)

    assert "Vera" not in lines_about(refused.value)


async def test_what_is_wrong_stays_readable(sql: asyncpg.Connection) -> None:
    await sql.execute(TABLE)
    with pytest.raises(asyncpg.NotNullViolationError) as refused:
        await sql.execute("INSERT INTO people (number, name) VALUES (1, '')")

    lines = [json.loads(line) for line in lines_about(refused.value).splitlines()]

    why = 'null value in column "phone" of relation "people" violates not-null constraint'
    assert lines[-1]["reason"] == why
    assert "in test_what_is_wrong_stays_readable" in lines[1]["exception"]
    assert f"asyncpg.exceptions.NotNullViolationError: {why}\n\nThe above" in lines[1]["exception"]
    assert lines[2]["exception"].endswith(why)


async def test_a_database_that_is_not_available_says_why_without_a_value(db: Database) -> None:
    deadlock = asyncpg.DeadlockDetectedError("deadlock detected")
    deadlock.detail = NAME

    with pytest.raises(DatabaseUnavailable) as lost:
        async with db.transaction():
            raise deadlock

    assert "Vera" not in str(lost.value)
    assert "Vera" not in lines_about(lost.value)


def test_an_answer_that_cannot_be_decoded() -> None:
    broken = ValueError("no update")
    error = ClientDecodeError("Failed to deserialize object", broken, {"result": [NAME]})

    written = lines_about(error)

    assert "Vera" not in written
    assert "Failed to deserialize object (ValueError)" in written


def test_a_value_that_cannot_be_read() -> None:
    with pytest.raises(ValueError, match=NAME) as refused:
        User.model_validate({"id": 1, "is_bot": NAME, "first_name": {"last": NAME}})

    written = lines_about(refused.value)

    assert "Vera" not in written
    assert "User cannot be read: first_name, is_bot" in written
