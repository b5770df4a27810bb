"""Several replicas, and replicas that end: nothing is lost, nothing is done twice."""

import os
import signal
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.settings import Settings
from simulator import BotAccount, Delay, Telegram
from simulator.http.calls import Call
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_counted
from tests.support.programs.program import running, stop
from tests.support.school import ANNA_ID, DESK_TOKEN, MakeBooking
from tests.support.waiting import until
from tests.system.outages.hearing import heard


@pytest.fixture
def variables(telegram_url: str, desk_bot: BotAccount, dsn: str) -> Mapping[str, str]:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": telegram_url,
        "UNDO_SECONDS": "0",
        "ANNOUNCE_BOOKINGS": "false",
    }


def polls(telegram: Telegram) -> list[Call]:
    return [call for call in telegram.calls if call.method == "getUpdates"]


def welcomes_heard(person: Person) -> int:
    return len([text for text in person.inbox if "welcome!" in text])


async def test_one_replica_polls_while_the_other_stands_by(
    settings: Settings, telegram: Telegram, anna: Person, sql: asyncpg.Connection
) -> None:
    async with open_desk(settings), open_desk(settings):
        await until_both_are_open(sql)
        for command in ("/pending", "/bookings", "/help"):
            await anna.opens(command, shows="")

    assert [call.status for call in polls(telegram) if call.status == 409] == []


async def test_what_is_asked_while_the_turn_passes_is_answered_once(
    settings: Settings, telegram: Telegram, anna: Person
) -> None:
    async with open_desk(settings):
        await anna.opens("/pending", shows="Nobody is waiting")

    anna.send("/bookings")
    async with open_desk(settings):
        await anna.hears("No bookings yet")
        await anna.opens("/pending", shows="Nobody is waiting")

    assert len([text for text in anna.inbox if "No bookings yet" in text]) == 1


async def test_a_replica_that_is_killed_is_followed_by_the_other(
    variables: Mapping[str, str], telegram: Telegram, anna: Person, tmp_path: Path
) -> None:
    async with running(tmp_path, **variables) as first:
        await anna.opens("/pending", shows="Nobody is waiting")
        async with running(tmp_path, **variables) as second:
            first.kill()
            await first.wait()
            await anna.opens("/pending", shows="Nobody is waiting")
            assert await stop(second) == 0


async def test_a_replica_that_lost_its_connection_gives_the_turn_back_or_takes_it_again(
    settings: Settings, anna: Person, sql: asyncpg.Connection
) -> None:
    async with open_desk(settings), open_desk(settings):
        await anna.opens("/pending", shows="Nobody is waiting")
        await until_both_are_open(sql)

        await sql.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )

        await anna.finds("/pending", "Nobody is waiting")
        await anna.opens("/bookings", shows="No bookings yet")
    held = await sql.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    assert held == 0


async def test_a_replica_whose_host_is_lost_is_followed_within_seconds(
    variables: Mapping[str, str], settings: Settings, anna: Person, tmp_path: Path
) -> None:
    """PostgreSQL hears nothing of its end: the connections stay, and nothing comes from them."""
    async with running(tmp_path, **variables) as first:
        await anna.opens("/pending", shows="Nobody is waiting")
        os.kill(first.pid, signal.SIGSTOP)
        with capture_logs() as logged:
            async with open_desk(settings):
                anna.send("/bookings")
                await until(partial(heard, anna, "No bookings yet"), seconds=15)

    assert [entry["event"] for entry in logged if "turn" in entry["event"]] == [
        "waiting for the turn",
        "it is this replica's turn",
    ]


async def until_both_are_open(sql: asyncpg.Connection) -> None:
    listening = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND query ILIKE 'LISTEN%'
    """
    await until_counted(sql, listening, 2)


async def test_a_stop_finishes_what_is_in_flight_and_gives_back_the_rest(
    variables: Mapping[str, str],
    telegram: Telegram,
    desk_bot: BotAccount,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    """Eight requests are under way, and two more messages are claimed and wait."""
    for n in range(1000, 1014):
        telegram.add_person(n, f"Student {n}").start(desk_bot)
        await make_booking(user_id=n)

    waiting = (
        "SELECT count(*) FROM booking_desk.outbox WHERE state = 'sending' AND departed_at IS NULL"
    )

    async with running(tmp_path, **variables) as program:
        await telegram.until(lambda: answered_all(telegram))
        telegram.faults.add(fault=Delay(1), method="sendMessage", times=None)
        await sql.execute("UPDATE bookings SET confirmed = 2")
        await telegram.until(lambda: welcomes_requested(telegram) == 8)
        await until_counted(sql, waiting, 2)
        began = time.monotonic()
        assert await stop(program) == 0
        assert time.monotonic() - began < 10

    rows = await sql.fetch(
        "SELECT state, attempts, count(*) FROM booking_desk.outbox GROUP BY 1, 2"
    )
    assert {tuple(row) for row in rows} == {("sent", 1, 8), ("queued", 0, 6)}


def welcomes_requested(telegram: Telegram) -> int:
    return len([call for call in telegram.calls if "🎉" in str(call.parameters.get("text"))])


def answered_all(telegram: Telegram) -> bool:
    """Return whether every student has an answer."""
    answered = [call for call in telegram.calls if call.method == "sendMessage" and call.ok]
    return len(answered) == 14


async def test_a_stop_does_not_wait_for_telegram_for_ever_and_sends_nothing_twice(
    variables: Mapping[str, str],
    telegram: Telegram,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    vera.start()
    await make_booking()

    async with running(tmp_path, **variables) as program:
        await vera.hears("your bookings")
        telegram.faults.add(fault=Delay(60), method="sendMessage")
        await sql.execute("UPDATE bookings SET confirmed = 2")
        await telegram.until(lambda: welcomes_requested(telegram) == 1)
        began = time.monotonic()
        assert await stop(program) == 0
        assert time.monotonic() - began < 10

    row = await sql.fetchrow("SELECT state, reason FROM booking_desk.outbox WHERE kind='welcome'")
    assert tuple(row) == ("unknown", "no_answer")


async def test_what_a_killed_program_held_is_sent_by_the_other(
    variables: Mapping[str, str],
    telegram: Telegram,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    await make_booking()
    vera.start()
    async with running(tmp_path, **variables) as first:
        await vera.hears("your bookings")
        telegram.faults.add(fault=Delay(30), method="sendMessage", chat_id=vera.id)
        await sql.execute("UPDATE bookings SET confirmed = 2")
        await telegram.until(lambda: "welcome!" in str(telegram.calls[-1].parameters.get("text")))
        first.kill()
        await first.wait()

    # The lease of the killed program ends.
    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    async with running(tmp_path, **variables) as second:
        await vera.hears("welcome!")
        await stop(second)

    row = await sql.fetchrow("SELECT state, maybe_twice, attempts FROM booking_desk.outbox")
    assert tuple(row) == ("sent", True, 2)
