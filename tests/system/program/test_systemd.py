"""What systemd hands to the desk and hears from it: a socket, readiness, the watchdog."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from simulator import BotAccount
from tests.support.net.webhook import SECRET, SECRET_HEADER, message
from tests.support.person import Person
from tests.support.programs.program import PATIENCE, running, stop
from tests.support.school import ANNA_ID, DESK_TOKEN
from tests.support.stage.replica import Replica

Variables = Mapping[str, str]


@pytest.fixture
def variables(telegram_url: str, desk_bot: BotAccount, dsn: str) -> Variables:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": telegram_url,
    }


async def test_whoever_connects_between_two_programs_is_answered_by_the_next(
    variables: Variables, anna: Person, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        hooked = {**variables, "WEBHOOK_URL": f"{url}/telegram", "WEBHOOK_SECRET": SECRET}
        async with ClientSession(url, headers={SECRET_HEADER: SECRET}) as http:
            async with activated(tmp_path / "first.log", hooked, listening) as first:
                await anna.opens("/pending", shows="Nobody is waiting")
                await first.stop()
            bringing = asyncio.create_task(http.post("/telegram", json=message("/bookings")))
            async with activated(tmp_path / "second.log", hooked, listening):
                answer = await asyncio.wait_for(bringing, PATIENCE)

    assert answer.status == 200
    await anna.hears("No bookings yet")


@asynccontextmanager
async def activated(
    log: Path, variables: Variables, listening: socket.socket
) -> AsyncIterator[Replica]:
    """Run the desk with a socket that outlives it."""
    replica = await Replica.started(log, variables, listening)
    try:
        await replica.opened()
        yield replica
    finally:
        await replica.kill()


async def test_a_socket_for_another_process_is_not_taken(
    variables: Variables, tmp_path: Path
) -> None:
    theirs = {"LISTEN_PID": "1", "LISTEN_FDS": "1"}
    async with running(tmp_path, **variables, **theirs) as program:
        assert await stop(program) == 0


@pytest.mark.parametrize("address", ["/notify", "@booking-desk-{}"])
async def test_systemd_hears_when_the_desk_is_ready_alive_and_stopping(
    variables: Variables, address: str, tmp_path: Path
) -> None:
    name = address.format(tmp_path) if address[0] == "@" else f"{tmp_path}{address}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(name.replace("@", "\0"))
        notified.settimeout(PATIENCE)
        watched = {"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "60000"}
        async with running(tmp_path, **variables, **watched) as program:
            heard = [await next_of(notified) for _ in range(4)]
            await stop(program)
        notified.setblocking(False)
        *_, last = iter_all(notified)

    assert set(heard) == {"READY=1", "WATCHDOG=1"}
    assert heard.count("READY=1") == 1
    assert last == "STOPPING=1"


async def next_of(notified: socket.socket) -> str:
    return (await asyncio.to_thread(notified.recv, 100)).decode()


def iter_all(notified: socket.socket) -> list[str]:
    heard = []
    while True:
        try:
            heard.append(notified.recv(100).decode())
        except BlockingIOError:
            return heard
