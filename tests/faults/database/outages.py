"""Scenarios in which connections to PostgreSQL, or PostgreSQL itself, fail during delivery."""

import asyncio
import os
import signal
from functools import partial
from pathlib import Path
from typing import Final

from db.embedded import running_on
from db.embedded.pid_file import postmaster
from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.stage.world import PATIENCE, RATE, World
from tests.support.waiting import until

_TERMINATE: Final = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend'
       AND pid <> pg_backend_pid() AND ($1::text IS NULL OR application_name = $1)
"""
_LISTENER: Final = ""
"""The application name of the listening connection, the only one without a name."""
_LISTENS: Final = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = ''
"""


async def every_connection_terminated(world: World) -> Promise:
    """Outcomes are still written, and nothing is sent twice.

    If the answer to a claim is lost, no worker has the message until the lease ends.
    """
    times, messages = world.volume(10, 3), world.volume(300, 75)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    for n in range(1, times + 1):
        await world.sent(n * messages // (times + 1))
        await world.sql.execute(_TERMINATE, None)
    return Promise(delay=messages / RATE + TAKEN_OVER)


async def postgres_stopped_and_started(world: World) -> Promise:
    """Nothing is claimed during the outage; outcomes of sent messages are written after it."""
    messages, seconds = world.volume(200, 75), world.volume(10, 3)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    await world.sent(messages // 3)
    await world.server.stop()
    await asyncio.sleep(seconds)
    await world.server.start()
    return Promise(delay=messages / RATE + seconds + TAKEN_OVER)


async def embedded_postgres_killed(world: World) -> Promise:
    """It is started again each time; outcomes that Telegram gave meanwhile are written then."""
    times, messages, pause = world.volume(8, 3), world.volume(400, 100), world.volume(3, 1)
    home = await world.replica_with_its_own_database()
    await world.students(messages)
    await world.confirm_all()
    for n in range(1, times + 1):
        await world.sent(n * messages // (times + 1))
        killed = postmaster(home / "cluster")
        os.kill(killed, signal.SIGKILL)
        await until(partial(_is_another, home, killed), seconds=PATIENCE)
        await asyncio.sleep(pause)
    return Promise(delay=messages / RATE + times * pause + TAKEN_OVER)


async def _is_another(home: Path, killed: int) -> bool:
    return running_on(home) is not None and postmaster(home / "cluster") != killed


async def listening_lost(world: World) -> Promise:
    """Notifications are lost, so the desk polls every five seconds."""
    rounds = world.volume(4, 2)
    await world.replica()
    for _ in range(rounds):
        await world.students(2)
        await world.until(_LISTENS)
        await world.sql.execute(_TERMINATE, _LISTENER)
        await world.confirm_all()
        await world.settled()
    return Promise(delay=5 + 2)
