"""The world of a scenario: a database, a Telegram, people, and replicas of the desk."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, Self

import asyncpg

from db.embedded import running_on
from db.school import AS_A_RESTORE
from db.server.pool import APPLICATION_NAME
from simulator import Call, ChatMessage, Person, Telegram, serve
from tests.support.stage.replica import Replica
from tests.support.stage.server import Server
from tests.support.waiting import until

RATE: Final = 25
"""Messages a second, the setting `SEND_RATE`."""
PATIENCE: Final = 300
"""Seconds until a wait fails."""
_TOKEN: Final = "1001:desk-token-of-the-faults"
_ADMIN: Final = 1
_FIRST_STUDENT: Final = 1000
_INTERVAL: Final = 0.02
_LAST_LINES: Final = 30


@dataclass(eq=False)
class World:
    """One desk and its school; each student has one booking, so each welcome has one student.

    Its Telegram enforces limits: a desk that sends too fast gets errors.
    """

    server: Server
    dsn: str
    sql: asyncpg.Pool
    """The connections of the school's other programs."""
    telegram: Telegram
    api: str
    """The address of Telegram."""
    directory: Path
    short: bool
    replicas: list[Replica] = field(default_factory=list)
    visits: dict[int, datetime] = field(default_factory=dict)
    """When each visitor has written, by id; the desk answers each visitor once."""
    stalls: list[tuple[datetime, float]] = field(default_factory=list)
    """When this program itself was late, and by how many seconds."""
    complaints: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    """What a scenario has measured besides, in words."""

    def __post_init__(self) -> None:
        self.bot = self.telegram.add_bot(_TOKEN, username="school_desk_bot", name="School desk")
        self.admin = self.telegram.add_person(_ADMIN, "Anna", language_code="en")
        self.telegram.open(self.bot, self.admin.account)
        self._logs = (self.directory / f"{n}.log" for n in count(1))
        self._ids = count(_FIRST_STUDENT)

    @classmethod
    @asynccontextmanager
    async def made(cls, server: Server, *, short: bool) -> AsyncIterator[Self]:
        """Yield a world with one admin and no students."""
        dsn, telegram = await server.new_database(), Telegram(limits=True)
        async with AsyncExitStack() as stack:
            sql = await _school(dsn)
            api = await stack.enter_async_context(serve(telegram))
            directory = Path(stack.enter_context(TemporaryDirectory(prefix="faults-")))
            world = cls(server, dsn, sql, telegram, api, directory, short)
            stack.push_async_callback(world._end)
            stack.push_async_callback(world._leave)
            watching = asyncio.create_task(world._watch_itself())
            stack.callback(watching.cancel)
            yield world

    def volume(self, long: int, short: int) -> int:
        """Return the amount for a long or a short run."""
        return short if self.short else long

    def expect(self, fulfilled: bool, otherwise: str) -> None:
        """Add a complaint unless the expectation is `fulfilled`."""
        if not fulfilled:
            self.complaints.append(otherwise)

    async def replica(
        self, variables: Mapping[str, str] = {}, listening: socket.socket | None = None
    ) -> Replica:
        """Start a replica, and wait until it is open."""
        desk = {
            "BOT_TOKEN": _TOKEN,
            "ADMIN_IDS": str(_ADMIN),
            "DATABASE_URL": self.dsn,
            "TELEGRAM_API_URL": self.api,
            "SEND_RATE": str(RATE),
            "UNDO_SECONDS": "0",
            "ANNOUNCE_BOOKINGS": "false",
        }
        replica = await Replica.started(next(self._logs), {**desk, **variables}, listening)
        self.replicas.append(replica)
        await replica.opened()
        return replica

    async def replica_with_its_own_database(self) -> Path:
        """Start a replica on an embedded PostgreSQL of its own; return its data directory."""
        home = self.directory / "data"
        await self.replica({"DATABASE_URL": "", "DATA_DIR": str(home)})
        await self.sql.close()
        self.dsn = running_on(home) or ""
        self.sql = await _school(self.dsn)
        return home

    async def two_replicas(self) -> Sequence[Replica]:
        return await asyncio.gather(self.replica(), self.replica())

    async def any_open(self, chance: Random) -> Replica:
        """Wait for an open replica, and return one at random."""
        while True:
            if open_now := [replica for replica in self.replicas if replica.is_open]:
                return chance.choice(open_now)
            await asyncio.sleep(_INTERVAL)

    async def students(self, number: int, *, confirmed: int = 1) -> Sequence[Person]:
        """Add students who have a chat with the bot and one booking each, pending by default."""
        students = await self.strangers(number, confirmed=confirmed)
        for student in students:
            self.telegram.open(self.bot, student.account)
        return students

    async def strangers(self, number: int, *, confirmed: int = 1) -> Sequence[Person]:
        """Add students who have one booking each and never started the bot."""
        people = self.newcomers(number)
        async with self.sql.acquire() as connection, connection.transaction():
            await connection.execute(AS_A_RESTORE)
            await connection.executemany(
                "INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed)"
                " VALUES ($1, $2, 1, 'north', $3)",
                [(person.id, person.name, confirmed) for person in people],
            )
        return people

    def acquaintances(self, number: int) -> Sequence[Person]:
        """Add people who have a chat with the bot and no booking."""
        people = self.newcomers(number)
        for person in people:
            self.telegram.open(self.bot, person.account)
        return people

    def newcomers(self, number: int) -> Sequence[Person]:
        """Add people who have neither a booking nor a chat with the bot."""
        return [
            self.telegram.add_person(user_id, f"Student {user_id}", language_code="en")
            for user_id in islice(self._ids, number)
        ]

    async def confirm_all(self) -> None:
        """Confirm every booking as the school's dashboard does, without the desk."""
        await self.sql.execute("UPDATE bookings SET confirmed = 2")

    async def ask_to_confirm(self, student: Person) -> None:
        """Open the student's booking as the admin and press Confirm, without waiting."""
        card = await self.show_card(student)
        confirm, *_ = (
            button for row in card.buttons for button in row if "Confirm" in button.text
        )
        self.admin.press(self.bot, card.message_id, confirm.callback_data or "")

    async def show_card(self, student: Person) -> ChatMessage:
        """Open the student's booking as the admin."""
        booking = await self.sql.fetchval("SELECT id FROM bookings WHERE user_id = $1", student.id)
        before = len(self.admin.chat(self.bot))
        self.admin.send(self.bot, f"/booking {booking}")
        await self.telegram.until(
            lambda: len(self.admin.chat(self.bot)) > before + 1, timeout=PATIENCE
        )
        return self.admin.chat(self.bot)[-1]

    def visit(self) -> None:
        """Let somebody new, who has no booking, write to the desk."""
        user_id = next(self._ids)
        visitor = self.telegram.add_person(user_id, f"Visitor {user_id}", language_code="en")
        self.visits[user_id] = datetime.now(UTC)
        self.telegram.open(self.bot, visitor.account)
        visitor.send(self.bot, "/start")

    @property
    def sendings(self) -> Sequence[Call]:
        """Every message that reached Telegram, accepted or refused, in order."""
        return [call for call in self.telegram.calls if call.method == "sendMessage"]

    async def sent_to(self, student: Person) -> None:
        """Wait until a message for the student reaches Telegram."""
        await self.telegram.until(
            lambda: any(chat_of(call) == student.id for call in self.sendings),
            timeout=PATIENCE,
        )

    async def sent(self, number: int) -> None:
        """Wait until this number of messages has reached Telegram."""
        await self.telegram.until(lambda: len(self.sendings) >= number, timeout=PATIENCE)

    async def in_flight(self) -> AbstractSet[tuple[int, int]]:
        """Return the id and attempt of each message that may have left and has no outcome yet."""
        rows = await self.sql.fetch(
            "SELECT id, attempts FROM booking_desk.outbox"
            " WHERE state = 'sending' AND departed_at IS NOT NULL"
        )
        return {(row["id"], row["attempts"]) for row in rows}

    async def until(self, query: str, *values: object) -> None:
        """Wait until the query returns true or a number that is not 0."""
        try:
            await until(partial(self.sql.fetchval, query, *values), seconds=PATIENCE)
        except TimeoutError:
            raise TimeoutError(f"it never became true: {query.strip()}") from None

    @asynccontextmanager
    async def holding(self, statement: str, *values: object) -> AsyncIterator["Held"]:
        """Hold the locks of a statement until the block ends."""
        async with self.sql.acquire() as connection, connection.transaction():
            await connection.execute(statement, *values)
            yield Held(self, connection.get_server_pid())

    async def settled(self) -> None:
        """Wait until the desk has nothing left to do."""
        await self.until(
            "SELECT NOT EXISTS (SELECT FROM booking_desk.external_changes)"
            " AND NOT EXISTS (SELECT FROM booking_desk.outbox"
            "                  WHERE state IN ('queued', 'sending'))"
        )

    async def _watch_itself(self) -> None:
        """Record when this program is late: requests then seem to arrive all at once."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(_INTERVAL)
            late = time.monotonic() - began - _INTERVAL
            if late > _INTERVAL:
                self.stalls.append((datetime.now(UTC), late))

    def warnings(self) -> str:
        """Return the last lines of the replicas' logs above the level info."""
        logs = (replica.log.read_text().splitlines() for replica in self.replicas)
        lines = (line for log in logs for line in log if '"level": "info"' not in line)
        return "\n".join(deque(lines, maxlen=_LAST_LINES))

    async def _leave(self) -> None:
        self.sql.terminate()

    async def _end(self) -> None:
        for replica in self.replicas:
            await replica.kill()


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that the test holds."""

    world: World
    owner: int
    """The PostgreSQL process that holds the lock."""

    async def is_wanted(self) -> None:
        """Wait until a statement of the desk waits for this lock."""
        await self.world.until(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE $1 = ANY (pg_blocking_pids(pid)) AND application_name = $2",
            self.owner,
            APPLICATION_NAME,
        )


async def _school(dsn: str) -> asyncpg.Pool:
    """Return the connections of the school's other programs."""
    settings = {"application_name": "faults"}
    return await asyncpg.create_pool(dsn, min_size=0, max_size=4, server_settings=settings)


def chat_of(call: Call) -> int:
    """Return the chat that a message was sent to."""
    return int(call.parameters["chat_id"])
