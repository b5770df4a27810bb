"""What strangers with time do to the webhook's port."""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator
from typing import Final

import pytest
from aiogram import Bot, Dispatcher
from aiohttp import ClientSession

from bot.http.connections import Limits
from bot.http.server import serving
from bot.settings import Settings
from bot.telegram.intake.webhook import WebhookReceiver
from db.database import Database
from tests.support.net.webhook import SECRET, SECRET_HEADER, answer_of
from tests.support.school import DESK_TOKEN

SECONDS: Final = 0.5
MOST: Final = 20
TRUSTED: Final = f"{SECRET_HEADER}: {SECRET}\r\n"
HEAD: Final = "POST /telegram HTTP/1.1\r\nHost: desk\r\n"


@pytest.fixture
async def port(hooked: Settings, db: Database) -> AsyncIterator[int]:
    """A desk's port whose patience is short."""
    assert hooked.http is not None
    assert hooked.webhook is not None
    receiver = WebhookReceiver(
        Bot(DESK_TOKEN), Dispatcher(), db=db, address=hooked.webhook, admins=set()
    )
    limits = Limits(head=SECONDS, body=SECONDS, idle=4 * SECONDS, answer=SECONDS, most=MOST)
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    async with serving(hooked.http, ping=db.ping, intakes=[receiver], grace=1, limits=limits):
        yield hooked.http.port
    assert not faults


async def sent(port: int, *pieces: bytes, pause: float = 0) -> bytes:
    """Send pieces, a pause after each, and return all that comes until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(20 * SECONDS):
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause)
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def status(answer: bytes) -> int:
    return int(answer.split()[1])


@pytest.mark.parametrize("known", [TRUSTED, ""])
@pytest.mark.parametrize("pieces", [0, 1, 12])
async def test_a_head_that_does_not_end_is_not_waited_for(
    port: int, known: str, pieces: int
) -> None:
    head = [(HEAD + known).encode(), *[b"x: y\r\n"] * pieces]
    began = time.monotonic()

    assert await sent(port, *head[:pieces], pause=SECONDS / 6) == b""

    assert SECONDS * 0.9 <= time.monotonic() - began < 3 * SECONDS


async def test_a_second_head_that_does_not_end_is_not_waited_for(port: int) -> None:
    began = time.monotonic()

    answer = await sent(port, b"GET /livez HTTP/1.1\r\nHost: desk\r\n\r\n", b"GET", pause=0.1)

    assert status(answer) == 200
    assert time.monotonic() - began < 3 * SECONDS


async def test_a_connection_may_be_idle_for_longer_than_a_head_may_take(
    port: int, hooked: Settings, http: ClientSession
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET /livez HTTP/1.1\r\nHost: desk\r\n\r\n")
        assert await reader.readuntil(b"alive\n")
        await asyncio.sleep(2 * SECONDS)
    writer.close()


async def test_a_body_that_does_not_end_is_not_waited_for(port: int) -> None:
    head = f"{HEAD}{TRUSTED}Connection: close\r\nContent-Length: 100\r\n\r\n".encode()

    answer = await sent(port, head, *[b" "] * 10, pause=SECONDS / 6)

    assert status(answer) == 408


async def test_a_stranger_is_refused_before_the_body_comes(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{HEAD}Content-Length: 1000000\r\n\r\n".encode())
    try:
        async with asyncio.timeout(SECONDS / 2):
            assert b" 401 " in await reader.readline()
    finally:
        writer.close()


@pytest.mark.parametrize("length", [1024**2 + 1, 2**31, 2**63 - 1, 2**63, 2**64 - 2])
async def test_a_body_that_is_too_long_is_refused_before_it_comes(port: int, length: int) -> None:
    head = f"{HEAD}{TRUSTED}Connection: close\r\nContent-Length: {length}\r\n\r\n".encode()

    assert status(await sent(port, head)) == 413


@pytest.mark.parametrize("coding", ["deflate", "gzip", "GZIP", "br", "gzip, identity"])
async def test_a_compressed_body_is_refused(port: int, coding: str) -> None:
    body = zlib.compress(b" " * 2**20)
    about = f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n"
    head = f"{HEAD}{TRUSTED}Connection: close\r\n{about}\r\n".encode()

    assert status(await sent(port, head + body)) == 415


async def test_strangers_bombs_cost_nothing_and_hide_nobody(
    port: int, hooked: Settings, http: ClientSession
) -> None:
    bomb = zlib.compress(b" " * 2**28)
    head = f"{HEAD}Content-Encoding: deflate\r\nContent-Length: {len(bomb)}\r\n"
    request = f"{head}Connection: close\r\n\r\n".encode() + bomb
    cpu = time.process_time()

    bombs = [asyncio.create_task(sent(port, request)) for _ in range(20)]
    alive = await answer_of(http, hooked, "/livez")
    answers = await asyncio.gather(*bombs)

    assert alive == (200, "alive\n")
    assert {status(each) for each in answers if each} == {401}
    assert time.process_time() - cpu < 1


async def test_who_does_not_read_the_answers_is_not_waited_for(port: int) -> None:
    # Its buffer is full with the first bytes.
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)

    async def asks_for_ever() -> None:
        while True:
            writer.write(b"GET /livez HTTP/1.1\r\nHost: desk\r\n\r\n" * 1000)
            await writer.drain()

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(asks_for_ever(), 80 * SECONDS)


async def test_a_crowd_of_connections_leaves_room_for_who_comes(
    port: int, hooked: Settings, http: ClientSession
) -> None:
    """Whoever has asked before stays, and those go that have asked for nothing."""
    asked = await asyncio.open_connection("127.0.0.1", port)
    asked[1].write(b"GET /livez HTTP/1.1\r\nHost: desk\r\n\r\n")
    await asked[0].readuntil(b"alive\n")

    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3 * MOST)]
    alive = await answer_of(http, hooked, "/livez")
    asked[1].write(b"GET /livez HTTP/1.1\r\nHost: desk\r\n\r\n")
    await asked[0].readuntil(b"alive\n")

    assert alive == (200, "alive\n")
    assert sum(reader.at_eof() for reader, _ in idle) >= 2 * MOST
    for _, writer in [asked, *idle]:
        writer.close()
