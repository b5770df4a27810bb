"""The cost of the queue with two million old deliveries, compared to none."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg

from benchmarks.support.databases import Databases
from benchmarks.support.processes import cpu_seconds
from benchmarks.support.reports import Figures, Section
from benchmarks.support.timing import WARM_UP, by_turns
from db.database import Database
from db.models.outbox import WELCOME, MessageState, OutgoingMessage, Sender
from db.server.pool import APPLICATION_NAME
from tests.support.programs.reports import Table

_BOT: Final = 1001
_AT_ONCE: Final = 2
_MOST: Final = 1.5
"""The highest ratio of the cost with a history to the cost without one."""
_OLD: Final = """
    WITH old AS (
        INSERT INTO booking_desk.outbox
               (kind, key, booking_id, revision, chat_id, sender, state, attempts, done, due_at,
                departed_at, telegram_message_ids, created_at, ended_at)
        SELECT 'welcome', concat_ws(':', 'welcome', n, 2, n), n, 2, n, 'students',
               CASE n % 50 WHEN 0 THEN 'withdrawn' ELSE 'sent' END, 1, 1, at, at, ARRAY[n], at, at
          FROM (SELECT n, now() - n * interval '1 minute' AS at
                  FROM generate_series(1, $1::bigint) AS n) AS history
        RETURNING id, state, ended_at
    )
    INSERT INTO booking_desk.attempts (message_id, attempt, at, state)
    SELECT id, 1, ended_at, state FROM old
"""


class _Queue:
    """One outbox, and the CPU of its PostgreSQL process."""

    def __init__(self, db: Database, sql: asyncpg.Connection) -> None:
        self._db = db
        self._sql = sql
        self._next_booking = 1_000_000_000

    async def deliver(self) -> None:
        """Owe two messages, claim them, and mark them as sent."""
        async with self._db.transaction() as uow:
            for _ in range(_AT_ONCE):
                self._next_booking += 1
                await uow.outbox.owe(
                    OutgoingMessage.about(
                        WELCOME,
                        self._next_booking,
                        2,
                        chat_id=self._next_booking,
                        sender=Sender.STUDENTS,
                    )
                )
        async with self._db.transaction() as uow:
            claims = await uow.queue.claim(
                _BOT, [Sender.STUDENTS], [WELCOME], _AT_ONCE, lease=timedelta(seconds=16)
            )
        if len(claims) != _AT_ONCE:
            raise RuntimeError(f"{len(claims)} claims, not {_AT_ONCE}")
        for claim in claims:
            async with self._db.transaction() as uow:
                await uow.queue.end(claim, MessageState.SENT, telegram_message_id=1)

    async def look(self) -> None:
        """Look for due messages, as an idle worker does every five seconds."""
        async with self._db.transaction() as uow:
            await uow.queue.claim(
                _BOT, [Sender.STUDENTS], [WELCOME], _AT_ONCE, lease=timedelta(seconds=16)
            )
            await uow.queue.reclaim()
        async with self._db.snapshot() as uow:
            await uow.queue.seconds_to_next(_BOT, [Sender.STUDENTS], [WELCOME])

    async def prepare(self) -> None:
        async with self._db.transaction() as uow:
            await uow.gates.build(_BOT)

    async def cpu_seconds(self) -> float:
        """Return the CPU of the one process that serves the pool."""
        pid = await self._sql.fetchval(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = $1",
            APPLICATION_NAME,
        )
        return cpu_seconds(pid)


async def measure(*, history: int, rounds: int) -> Section:
    """Compare a queue with `history` old deliveries to an empty one, by turns."""
    async with Databases.running() as databases, AsyncExitStack() as stack:

        async def queue_behind(old: int) -> _Queue:
            filled = databases.filled(lambda sql: sql.execute(_OLD, old))
            queue = _Queue(*await stack.enter_async_context(filled))
            await queue.prepare()
            return queue

        new, old = await queue_behind(0), await queue_behind(history)
        rows = [
            *await _compare("an idle worker's look", new, old, _Queue.look, rounds),
            *await _compare("two messages, owed to sent", new, old, _Queue.deliver, rounds),
        ]
    return Section(
        f"The queue, with {history:,} old deliveries behind it",
        Table((" ", "empty", "old", "ratio", f"goal: {_MOST}"), [row.cells for row in rows]),
        [row.figures for row in rows],
        [f"{row.title}: {row.ratio:.2f}" for row in rows if row.missed],
    )


async def _compare(
    title: str,
    new: _Queue,
    old: _Queue,
    work: Callable[[_Queue], Awaitable[None]],
    rounds: int,
) -> Sequence["_Row"]:
    before = [await queue.cpu_seconds() for queue in (new, old)]
    times = await by_turns({"new": lambda: work(new), "old": lambda: work(old)}, rounds)
    after = [await queue.cpu_seconds() for queue in (new, old)]
    new_cpu, old_cpu = (
        (end - begin) * 1000 / (rounds + WARM_UP) for begin, end in zip(before, after, strict=True)
    )
    return [
        _Row(f"{title}: ms, p50", times["new"].p50, times["old"].p50),
        _Row(f"{title}: ms, p99", times["new"].p99, times["old"].p99, judged=False),
        _Row(f"{title}: ms of CPU", new_cpu, old_cpu),
    ]


@dataclass(frozen=True, slots=True)
class _Row:
    title: str
    new: float
    old: float
    judged: bool = True
    """False for p99, which on a busy machine proves nothing."""

    @property
    def ratio(self) -> float:
        return self.old / self.new

    @property
    def missed(self) -> bool:
        return self.judged and self.ratio > _MOST

    @property
    def figures(self) -> Figures:
        return {"name": self.title, "empty": self.new, "old": self.old, "ratio": self.ratio}

    @property
    def cells(self) -> Sequence[str]:
        verdict = "missed" if self.missed else "kept" if self.judged else ""
        figures = (self.new, self.old, self.ratio)
        return (self.title, *(f"{figure:.2f}" for figure in figures), verdict)
