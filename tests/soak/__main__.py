"""Use the desk for ten minutes as a busy school does: `python -m tests.soak [--short]`.

Fifty admins press buttons, add bookings and send files of them, students come and book, welcomes
are sent, and PostgreSQL restarts in the middle. Afterwards the memory, the log and every invariant
are checked.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from tests.soak.people import Admin, arrive
from tests.soak.verdicts import Verdict, of_chats, of_database, of_log, of_memory
from tests.support.programs.processes import quietly
from tests.support.programs.reports import Table
from tests.support.stage.replica import Replica
from tests.support.stage.server import Server
from tests.support.stage.world import World

_ADMINS: Final = range(101, 151)
_ARRIVALS: Final = 1.0
"""Mean seconds from one student to the next."""
_AWAY: Final = 3.0
"""Seconds for which PostgreSQL is stopped."""
_RECOVERY: Final = timedelta(seconds=10)
_WAITING_AT_FIRST: Final = 200


async def main(arguments: argparse.Namespace) -> int:
    seconds = 60 if arguments.short else 600
    with TemporaryDirectory(prefix="soak-") as directory:
        async with (
            Server.running(Path(directory)) as server,
            World.made(server, short=arguments.short) as world,
        ):
            verdicts = await _soak(world, arguments.seed, seconds)
            missed = [verdict.what for verdict in verdicts if not verdict.kept]
            sys.stdout.write(f"{_table(verdicts)}\n")
            if missed:
                sys.stderr.write(f"{world.warnings()}\nMissed: {'; '.join(missed)}\n")
    return 1 if missed else 0


async def _soak(world: World, seed: int, seconds: float) -> Sequence[Verdict]:
    admins = [
        Admin(world, world.telegram.add_person(n, f"Admin {n}"), _chance(seed, n)) for n in _ADMINS
    ]
    await world.students(_WAITING_AT_FIRST)
    await world.sql.execute("UPDATE bookings SET course_stream = 'south' WHERE id % 3 = 0")
    replica = await world.replica({"ADMIN_IDS": " ".join(map(str, _ADMINS)), "UNDO_SECONDS": "5"})
    memory: list[int] = []
    async with _going_on(world, admins, _chance(seed, 0), replica, memory):
        await asyncio.sleep(seconds / 2)
        began = datetime.now(UTC)
        await world.server.stop()
        await asyncio.sleep(_AWAY)
        await world.server.start()
        ended = datetime.now(UTC) + _RECOVERY
        await asyncio.sleep(seconds / 2 - _AWAY)
    with suppress(TimeoutError):
        await world.settled()
    code, stopping = await replica.stop()
    return [
        Verdict.some_of("admins' acts", sum(admin.acts for admin in admins)),
        Verdict.none_of("acts nobody answered", sum(admin.unanswered for admin in admins)),
        *await of_chats(world),
        *await of_database(world),
        of_log(replica.log, (began, ended)),
        of_memory(memory),
        Verdict(
            "stop: exit code, seconds",
            f"{code}, {stopping:.1f}",
            "0, < 10",
            kept=code == 0 and stopping < 10,
        ),
    ]


@asynccontextmanager
async def _going_on(
    world: World, admins: Sequence[Admin], chance: Random, replica: Replica, memory: list[int]
) -> AsyncIterator[None]:
    """Run the admins and the students, and sample the memory, until the block ends."""
    async with asyncio.TaskGroup() as tasks:
        busy = [
            *(tasks.create_task(admin.work()) for admin in admins),
            tasks.create_task(arrive(world, chance, _ARRIVALS)),
            tasks.create_task(_watch(replica, memory)),
        ]
        yield
        for task in busy:
            task.cancel()


async def _watch(replica: Replica, memory: list[int]) -> None:
    while True:
        if replica.failed:
            raise RuntimeError(f"the desk has ended by itself:\n{replica.log.read_text()[-3000:]}")
        memory.append(replica.resident)
        await asyncio.sleep(1)


def _chance(seed: int, who: int) -> Random:
    """Return the choices of one person, which do not depend on those of others."""
    return Random(f"{seed} {who}")  # noqa: S311


def _table(verdicts: Sequence[Verdict]) -> Table:
    rows = [
        (verdict.what, verdict.found, verdict.goal, "yes" if verdict.kept else "NO")
        for verdict in verdicts
    ]
    return Table(("what", "found", "goal", "kept"), rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a minute instead of ten")
    parser.add_argument("--seed", type=int, default=6, help="of everybody's choices")
    return parser.parse_args()


if __name__ == "__main__":
    quietly()
    sys.exit(asyncio.run(main(_arguments())))
