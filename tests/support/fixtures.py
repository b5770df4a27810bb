"""What every test may ask for: PostgreSQL, Telegram, and the desk between them."""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any, Final

import asyncpg
import pytest

from bot.settings import Settings
from db.database import Database
from db.embedded import embedded_postgres
from simulator import BotAccount, Telegram, serve
from tests.support.databases import copy_database, of_database
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import ANNA_ID, BORIS_ID, DESK_TOKEN, VERA_ID, MakeBooking

MEMORY: Final = Path("/dev/shm")  # noqa: S108 (what is made there has a random name)
"""A file system in memory, on Linux: a database is 400 files, which a disk makes slowly."""
ROOM: Final = 2 * 1024**3
"""Bytes that have to be free there; the server of one worker takes 0.3 GB."""
CARELESS: Final = {
    "fsync": "off",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    # What is copied for many tests is for the last of them what it was for the first.
    "autovacuum": "off",
}


@pytest.fixture(autouse=True)
def no_variables_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer has exported for a desk of their own is not for the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Every desk that opens reads those that it trusts, a tenth of a test, and speaks no TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[str]:
    """One PostgreSQL for the whole run; tests need no durability, only speed."""
    in_memory = MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM
    with TemporaryDirectory(dir=MEMORY if in_memory else None) as directory:
        async with embedded_postgres(Path(directory), settings=CARELESS) as dsn:
            yield dsn


@pytest.fixture(scope="session")
async def admin(server: str) -> AsyncIterator[asyncpg.Connection]:
    """Who makes the databases and throws them away."""
    connection = await asyncpg.connect(server)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def migrated(server: str, admin: asyncpg.Connection) -> str:
    """A database of a school whose desk has just been opened."""
    await admin.execute("CREATE DATABASE desk_template")
    async with Database.connect(of_database(server, "desk_template")) as db:
        await db.migrate()
    return "desk_template"


@pytest.fixture
def template(migrated: str) -> str:
    """The database that the test's own is a copy of."""
    return migrated


@pytest.fixture(scope="session")
def names() -> Iterator[str]:
    """Return names for the databases of the tests."""
    return (f"test_{n}" for n in count())


@pytest.fixture
async def dsn(
    server: str, admin: asyncpg.Connection, template: str, names: Iterator[str]
) -> AsyncIterator[str]:
    """A migrated database of the test's own; empty, unless its template is not."""
    name = next(names)
    await copy_database(admin, template, name)
    yield of_database(server, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def empty_dsn(
    server: str, admin: asyncpg.Connection, names: Iterator[str]
) -> AsyncIterator[str]:
    """A database that nobody has touched."""
    name = next(names)
    await admin.execute(f"CREATE DATABASE {name}")
    yield of_database(server, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def db(dsn: str) -> AsyncIterator[Database]:
    async with Database.connect(dsn) as db:
        yield db


@pytest.fixture
async def sql(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The school's other programs, and a second pair of eyes: it sees what is committed."""
    connection = await asyncpg.connect(dsn)
    yield connection
    connection.terminate()


@pytest.fixture
def make_booking(sql: asyncpg.Connection) -> MakeBooking:
    """Insert a booking as the student bot does; a pending one, unless the test says otherwise."""

    async def make(**fields: Any) -> int:
        row = {
            "user_id": VERA_ID,
            "first_name": "Vera",
            "course_id": 1,
            "course_stream": "north",
            "confirmed": 1,
        } | fields
        columns = ", ".join(row)
        values = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        booking_id: int = await sql.fetchval(
            f"INSERT INTO bookings ({columns}) VALUES ({values}) RETURNING id", *row.values()
        )
        return booking_id

    return make


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def telegram_url(telegram: Telegram) -> AsyncIterator[str]:
    async with serve(telegram, port=0) as url:
        yield url


@pytest.fixture
def desk_bot(telegram: Telegram) -> BotAccount:
    return telegram.add_bot(DESK_TOKEN, username="school_desk_bot", name="School desk")


@pytest.fixture
def settings(telegram_url: str, desk_bot: BotAccount, dsn: str) -> Settings:
    return Settings(
        _env_file=None,
        bot_token=DESK_TOKEN,
        admin_ids=f"{ANNA_ID}, {BORIS_ID}",
        undo_seconds=0,
        database_url=dsn,
        telegram_api_url=telegram_url,
    )


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[None]:
    """The real program, polling the local Telegram."""
    async with open_desk(settings):
        yield


@pytest.fixture
def anna(telegram: Telegram, desk_bot: BotAccount) -> Person:
    """An admin who reads English."""
    return Person(telegram, desk_bot, telegram.add_person(ANNA_ID, "Anna", language_code="en"))


@pytest.fixture
def boris(telegram: Telegram, desk_bot: BotAccount) -> Person:
    """An admin who reads Russian."""
    return Person(telegram, desk_bot, telegram.add_person(BORIS_ID, "Борис", language_code="ru"))


@pytest.fixture
def vera(telegram: Telegram, desk_bot: BotAccount) -> Person:
    """A student."""
    return Person(telegram, desk_bot, telegram.add_person(VERA_ID, "Vera", language_code="en"))
