"""The fixtures of all tests: PostgreSQL, Telegram, and the desk between them."""

import ssl
from collections.abc import AsyncIterator, Collection, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any, Final

import asyncpg
import pytest
from aiohttp import ClientSession

from bot.settings import Settings
from db.database import Database
from db.embedded import embedded_postgres
from db.school import AS_A_RESTORE
from simulator import BotAccount, Telegram, serve
from tests.support.databases import copy_database, of_database
from tests.support.desk import long_grace, open_desk
from tests.support.net.webhook import with_webhook
from tests.support.person import Person
from tests.support.programs.processes import free_port
from tests.support.school import ANNA_ID, BORIS_ID, DESK_TOKEN, VERA_ID, MakeBooking

MEMORY: Final = Path("/dev/shm")  # noqa: S108 (the names of its files are random)
"""A file system in memory on Linux; a database has 400 files, which a disk creates slowly."""
ROOM: Final = 2 * 1024**3
"""Bytes that must be free in memory; the server of one worker takes 0.3 GB."""
FIRST_OWN_OID: Final = 16384
"""Types with lower numbers are PostgreSQL's own: the same in every database."""
NO_DURABILITY: Final = {
    "fsync": "off",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    # A template must stay the same for all tests that copy it.
    "autovacuum": "off",
}


@pytest.fixture(autouse=True)
def no_variables_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the variables that a developer exported for another desk."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Read the trusted certificates only once: reading takes a tenth of a test's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def types_described_once() -> Iterator[None]:
    """Ask for PostgreSQL's own types only once: each new connection asks, for 10 ms of CPU."""
    describe = asyncpg.Connection._introspect_types  # noqa: SLF001 (there is no public way)
    described: dict[frozenset[int], Any] = {}

    async def once(
        connection: asyncpg.Connection, oids: Collection[int], *limits: float | None
    ) -> Any:
        if max(oids) >= FIRST_OWN_OID:
            return await describe(connection, oids, *limits)
        key = frozenset(oids)
        if key not in described:
            described[key] = await describe(connection, oids, *limits)
        return described[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_introspect_types", once)
        yield


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[str]:
    """Return the address of the one PostgreSQL of the run; it trades durability for speed."""
    in_memory = MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM
    with TemporaryDirectory(dir=MEMORY if in_memory else None) as directory:
        async with embedded_postgres(Path(directory), settings=NO_DURABILITY) as dsn:
            yield dsn


@pytest.fixture(scope="session")
async def admin(server: str) -> AsyncIterator[asyncpg.Connection]:
    """Return the connection that creates and drops databases."""
    connection = await asyncpg.connect(server)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def migrated(server: str, admin: asyncpg.Connection) -> str:
    """Return the name of a migrated, empty database."""
    await admin.execute("CREATE DATABASE desk_template")
    async with Database.connect(of_database(server, "desk_template")) as db:
        await db.migrate()
    return "desk_template"


@pytest.fixture
def template(migrated: str) -> str:
    """Return the name of the database that a test's own is copied from."""
    return migrated


@pytest.fixture(scope="session")
def names() -> Iterator[str]:
    """Return names for the databases of the tests."""
    return (f"test_{n}" for n in count())


@pytest.fixture
async def dsn(
    server: str, admin: asyncpg.Connection, template: str, names: Iterator[str]
) -> AsyncIterator[str]:
    """Return the address of the test's own database, a copy of the template."""
    name = next(names)
    await copy_database(admin, template, name)
    yield of_database(server, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def empty_dsn(
    server: str, admin: asyncpg.Connection, names: Iterator[str]
) -> AsyncIterator[str]:
    """Return the address of a database without any tables."""
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
    """Return the connection of the school's other programs; it sees only committed rows."""
    connection = await asyncpg.connect(dsn)
    yield connection
    connection.terminate()


@pytest.fixture
def make_booking(sql: asyncpg.Connection) -> MakeBooking:
    """Insert a booking as the students' bot does, pending by default."""

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
        async with sql.transaction():
            await sql.execute(AS_A_RESTORE)
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
        tell_students=False,
        announce_bookings=False,
        database_url=dsn,
        # The template of the database is up to date.
        run_migrations=False,
        # The fewest: each that opens costs 5 ms of CPU.
        db_connections=4,
        telegram_api_url=telegram_url,
    )


@pytest.fixture
def hooked(settings: Settings) -> Settings:
    """Return the settings of a desk that Telegram reaches at a port of this machine."""
    port = free_port()
    return with_webhook(settings, f"http://127.0.0.1:{port}", port)


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as http:
        yield http


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[None]:
    """The real program, polling the local Telegram."""
    async with open_desk(settings):
        yield


@pytest.fixture
async def patient_desk(settings: Settings) -> AsyncIterator[None]:
    async with long_grace(settings):
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
