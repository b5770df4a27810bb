"""Programs with a webhook start, stop and are killed; their logs have no secrets."""

import asyncio
import socket
import time
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientConnectionError, ClientSession

from bot.settings import Settings
from simulator import BotAccount, Delay, Telegram
from tests.support.net.webhook import (
    SECRET,
    SECRET_HEADER,
    answer_of,
    bring,
    under_way,
    until_ready,
)
from tests.support.person import Person
from tests.support.programs.program import run_to_the_end, running, stop
from tests.support.school import ANNA_ID, DESK_TOKEN, MakeBooking
from tests.support.waiting import until


@pytest.fixture
def variables(
    hooked: Settings, telegram_url: str, desk_bot: BotAccount, dsn: str
) -> Mapping[str, str]:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": telegram_url,
        "WEBHOOK_URL": str(hooked.webhook_url),
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_PORT": str(hooked.http_port),
        "UNDO_SECONDS": "0",
        "ANNOUNCE_BOOKINGS": "false",
    }


async def test_an_update_that_a_killed_program_had_is_handled_by_the_next(
    variables: Mapping[str, str],
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    await make_booking()
    async with running(tmp_path, **variables) as program:
        await anna.opens("/pending", shows="1 booking")
        await telegram.until(lambda: not desk_bot.updates.pending)
        telegram.faults.add(fault=Delay(30), method="sendMessage")
        anna.send("/bookings")
        await telegram.until(lambda: under_way(telegram))
        program.kill()
        await program.wait()

    # The lease of the killed program ends.
    await sql.execute(
        "UPDATE booking_desk.updates SET held_until = now() WHERE isfinite(held_until)"
    )
    async with running(tmp_path, **variables) as program:
        await anna.hears("📋 All · 1 booking")
        await telegram.until(lambda: not desk_bot.updates.pending)
        assert await stop(program) == 0
    assert len(anna.inbox) == 2


async def test_a_stop_answers_what_has_come_and_takes_nothing_more(
    variables: Mapping[str, str],
    hooked: Settings,
    http: ClientSession,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    tmp_path: Path,
) -> None:
    async with running(tmp_path, **variables) as program:
        await anna.opens("/pending", shows="Nobody is waiting")
        await telegram.until(lambda: not desk_bot.updates.pending)
        telegram.faults.add(fault=Delay(2), method="sendMessage")
        anna.send("/bookings")
        await telegram.until(lambda: under_way(telegram))

        program.terminate()
        await until_refused(http, hooked)
        assert under_way(telegram)
        vera.start()
        await program.rest()

    assert program.returncode == 0
    assert "No bookings yet" in anna.inbox[-1]
    assert len(desk_bot.updates.pending) == 1


async def until_refused(http: ClientSession, settings: Settings) -> None:
    async def refused() -> bool:
        try:
            await answer_of(http, settings, "/livez")
        except ClientConnectionError:
            return True
        return False

    await until(refused, seconds=10)


async def test_a_stop_does_not_wait_for_what_takes_too_long(
    variables: Mapping[str, str],
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    tmp_path: Path,
) -> None:
    async with running(tmp_path, **variables) as program:
        await anna.opens("/pending", shows="Nobody is waiting")
        await telegram.until(lambda: not desk_bot.updates.pending)
        telegram.faults.add(fault=Delay(30), method="sendMessage")
        anna.send("/bookings")
        await telegram.until(lambda: under_way(telegram))

        began = time.monotonic()
        code = await stop(program)
        took = time.monotonic() - began

    assert code == 0
    assert took < 10
    assert desk_bot.updates.pending


async def test_a_port_in_use_is_said_in_a_line(
    hooked: Settings, variables: Mapping[str, str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", hooked.http_port)):
        ended = await run_to_the_end(tmp_path, "run", **variables)

    assert ended.code == 2
    assert ended.complaint.startswith("HTTP_PORT cannot be listened at (")
    assert ended.complaint.endswith(
        ". It should be the free port at which the desk listens, such as 8080"
        " (leave it out if nobody asks it for anything).\n"
    )
    assert ended.complaint.count("\n") == 1


async def test_an_address_of_another_machine_is_said_in_a_line(
    variables: Mapping[str, str], tmp_path: Path
) -> None:
    elsewhere = {**variables, "HTTP_HOST": "192.0.2.1"}
    ended = await run_to_the_end(tmp_path, "run", **elsewhere)

    assert ended.code == 2
    assert ended.complaint.startswith("HTTP_HOST cannot be listened at (")
    assert ended.complaint.count("\n") == 1


async def test_nothing_secret_and_no_traceback_is_logged_whatever_comes(
    variables: Mapping[str, str], hooked: Settings, http: ClientSession, tmp_path: Path
) -> None:
    async with running(tmp_path, **variables) as program:
        await until_ready(http, hooked)
        await bring(http, hooked, {"update_id": f"{DESK_TOKEN} {SECRET}"})
        address = f"http://127.0.0.1:{hooked.http_port}/bot{DESK_TOKEN}/{SECRET}"
        await http.post(address, data=b"\x00", headers={SECRET_HEADER: "секрет"})
        reader, writer = await asyncio.open_connection("127.0.0.1", hooked.http_port)
        writer.write(b"POST /telegram HTTP/1.1\r\nno colon here\r\n\r\n")
        await reader.read()
        writer.close()
        program.terminate()
        logged = await program.rest()

    assert b"what came to the webhook is no update" in logged
    assert SECRET.encode() not in logged
    assert DESK_TOKEN.partition(":")[2].encode() not in logged
    assert b"Traceback" not in logged
