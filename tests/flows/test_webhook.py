"""Updates that Telegram brings: each is handled once, by any replica, and none is lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message
from aiohttp import ClientConnectionError, ClientSession
from pydantic import AnyHttpUrl, SecretStr

from bot.settings import Settings
from bot.webhook import Inlet, serving
from db.database import Database
from simulator import BotAccount, Delay, Telegram
from tests.balancer import Balancer
from tests.cable import Cable
from tests.conftest import ANNA_ID, DESK_TOKEN, MakeBooking
from tests.person import Person
from tests.places import free_port, open_desk
from tests.program import run_to_the_end, running, stop

SECRET: Final = "secret-of_the-tests"
STUDENTS_TOKEN: Final = "1002:student-token-of-the-tests"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
ASKED_AGAIN: Final = 7_000_001
"""An update id that Telegram itself does not come to in a test."""


@pytest.fixture
def polled(settings: Settings) -> Settings:
    """The same school's desk, before it had a webhook."""
    return settings


@pytest.fixture
def hooked(settings: Settings) -> Settings:
    port = free_port()
    return with_webhook(settings, f"http://127.0.0.1:{port}", port)


def with_webhook(settings: Settings, url: str, port: int) -> Settings:
    return settings.model_copy(
        update={
            "webhook_url": AnyHttpUrl(f"{url}/telegram"),
            "webhook_secret": SecretStr(SECRET),
            "webhook_port": port,
        }
    )


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as http:
        yield http


@pytest.fixture
async def desk(hooked: Settings, http: ClientSession) -> AsyncIterator[None]:
    async with open_desk(hooked):
        await until_ready(http, hooked)
        yield


@pytest.fixture
async def balancer() -> AsyncIterator[Balancer]:
    async with Balancer.at_work() as balancer:
        yield balancer


@pytest.fixture
def two(settings: Settings, balancer: Balancer) -> tuple[Settings, Settings]:
    """Two replicas behind one address."""
    balancer.ports = [free_port(), free_port()]
    first, second = (with_webhook(settings, balancer.url, port) for port in balancer.ports)
    return first, second


def message(text: str, update_id: int = ASKED_AGAIN) -> dict[str, Any]:
    """What Telegram sends when Anna writes; her chat with the bot has to exist."""
    anna = {"id": ANNA_ID, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    chat = {"id": ANNA_ID, "type": "private", "first_name": "Anna"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1,
            "date": 1_790_000_000,
            "chat": chat,
            "from": anna,
            "text": text,
            "entities": entities,
        },
    }


async def bring(http: ClientSession, settings: Settings, update: Mapping[str, Any]) -> int:
    """Bring an update to one replica, as Telegram does; return the status of the answer."""
    address = f"http://127.0.0.1:{settings.webhook_port}/telegram"
    async with http.post(address, json=update, headers={SECRET_HEADER: SECRET}) as answer:
        return answer.status


def under_way(telegram: Telegram) -> bool:
    """Whether an answer has left for Telegram, and Telegram's has not come back."""
    return any(call.method == "sendMessage" and call.finished is None for call in telegram.calls)


async def said_at(http: ClientSession, settings: Settings, path: str) -> tuple[int, str]:
    async with http.get(f"http://127.0.0.1:{settings.webhook_port}{path}") as answer:
        return answer.status, await answer.text()


async def until_ready(http: ClientSession, settings: Settings) -> None:
    await until_said(http, settings, "ready")


async def until_said(http: ClientSession, settings: Settings, words: str) -> None:
    """Ask for /readyz again and again until it is answered with these words."""
    said = ""
    async with asyncio.timeout(10):
        while words not in said:
            with suppress(ClientConnectionError):
                _, said = await said_at(http, settings, "/readyz")


async def test_the_desk_works_as_when_it_polls(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await vera.hears("welcome!")

    await anna.opens("/status", shows="webhook")
    assert desk_bot.webhook is not None
    assert desk_bot.webhook.secret_token == SECRET
    assert desk_bot.updates.named is not None
    assert {*desk_bot.updates.named} == {
        "message",
        "callback_query",
        "inline_query",
        "my_chat_member",
    }
    assert not [call for call in telegram.calls if call.method == "getUpdates"]


async def test_two_replicas_share_the_updates_and_answer_each_once(
    two: tuple[Settings, Settings],
    balancer: Balancer,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await anna.opens("/pending", shows="Nobody is waiting")
        for n in range(20):
            anna.send(f"/booking {n}")
        await telegram.until(lambda: len(anna.inbox) == 21)
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert sorted(anna.inbox[1:]) == sorted({*anna.inbox[1:]})
    assert set(balancer.passed) == {first.webhook_port, second.webhook_port}


async def test_an_update_brought_to_both_replicas_at_once_is_handled_once(
    two: tuple[Settings, Settings], http: ClientSession, telegram: Telegram, anna: Person
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await until_ready(http, second)
        await anna.opens("/pending", shows="Nobody is waiting")
        telegram.faults.add(fault=Delay(0.3), method="sendMessage")

        update = message("/bookings")
        answers = await asyncio.gather(
            *(bring(http, replica, update) for replica in (first, second) * 3)
        )
        again = await bring(http, second, update)

    assert sorted(answers) == [200, *[503] * 5]
    assert again == 200
    assert len([text for text in anna.inbox if "No bookings yet" in text]) == 1


async def test_an_update_whose_answer_did_not_arrive_does_not_act_twice(
    two: tuple[Settings, Settings],
    balancer: Balancer,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await anna.opens("/pending", shows="Nobody is waiting")

        balancer.lost_answers = 3
        anna.send("/bookings")
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert balancer.lost_answers == 0
    assert len([text for text in anna.inbox if "No bookings yet" in text]) == 1


async def test_a_slow_answer_does_not_make_telegram_repeat(
    two: tuple[Settings, Settings],
    balancer: Balancer,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await anna.opens("/pending", shows="Nobody is waiting")
        await telegram.until(lambda: not desk_bot.updates.pending)
        before = sum(balancer.passed.values())
        telegram.faults.add(fault=Delay(2), method="sendMessage")

        await anna.opens("/bookings", shows="No bookings yet")
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert sum(balancer.passed.values()) == before + 1


async def test_an_update_that_nobody_gets_done_is_ended_and_not_brought_again(
    db: Database, http: ClientSession, hooked: Settings
) -> None:
    begun = []

    async def never_ends(event: Message) -> None:
        begun.append(event.text)
        await asyncio.Event().wait()

    dispatcher = Dispatcher()
    dispatcher.message.register(never_ends)
    url, secret = f"{hooked.webhook_url}", SecretStr(SECRET)
    inlet = Inlet(Bot(DESK_TOKEN), dispatcher, db, url, secret, patience=0.1)
    async with serving([inlet], db, hooked.webhook_port, grace=1):
        answers = [await bring(http, hooked, message("/pending")) for _ in range(2)]

    assert answers == [200, 200]
    assert begun == ["/pending"]


async def test_what_was_written_to_a_desk_that_polled_is_answered_through_the_webhook(
    polled: Settings, hooked: Settings, telegram: Telegram, desk_bot: BotAccount, anna: Person
) -> None:
    async with open_desk(polled):
        await anna.opens("/pending", shows="Nobody is waiting")
    anna.send("/bookings")

    async with open_desk(hooked):
        await anna.hears("No bookings yet")
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert len(anna.inbox) == 2


async def test_what_was_written_to_a_webhook_is_answered_by_a_desk_that_polls(
    polled: Settings, hooked: Settings, telegram: Telegram, desk_bot: BotAccount, anna: Person
) -> None:
    async with open_desk(hooked):
        await anna.opens("/pending", shows="Nobody is waiting")
        await telegram.until(lambda: not desk_bot.updates.pending)
    anna.send("/bookings")

    async with open_desk(polled):
        await anna.hears("No bookings yet")
        await anna.opens("/pending", shows="Nobody is waiting")

    assert len(anna.inbox) == 3


async def test_a_desk_that_polls_goes_on_when_another_program_sets_a_webhook(
    polled: Settings, hooked: Settings, http: ClientSession, anna: Person
) -> None:
    async with open_desk(polled):
        await anna.opens("/pending", shows="Nobody is waiting")
        async with open_desk(hooked):
            await until_ready(http, hooked)
            await anna.opens("/bookings", shows="No bookings yet")
        await anna.opens("/pending", shows="Nobody is waiting")


async def test_a_webhook_that_another_program_removed_is_set_again(
    desk: None, telegram: Telegram, desk_bot: BotAccount, anna: Person
) -> None:
    await anna.opens("/pending", shows="Nobody is waiting")

    desk_bot.webhook = None

    anna.send("/bookings")
    await telegram.until(lambda: "No bookings yet" in anna.inbox[-1], timeout=15)


@pytest.mark.parametrize("shown", [None, "", "wrong", SECRET + "x", "секрет", "\udcff"])
async def test_who_does_not_know_the_secret_learns_and_does_nothing(
    desk: None, hooked: Settings, http: ClientSession, anna: Person, shown: str | None
) -> None:
    await anna.opens("/pending", shows="Nobody is waiting")

    headers = {} if shown is None else {SECRET_HEADER: shown}
    address = f"http://127.0.0.1:{hooked.webhook_port}/telegram"
    async with http.post(address, json=message("/bookings"), headers=headers) as answer:
        assert answer.status == 401
        assert await answer.text() == "Unauthorized\n"

    await anna.opens("/pending", shows="Nobody is waiting")
    assert len(anna.inbox) == 2


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/telegram", b"{", 400),
        ("POST", "/telegram", b"", 400),
        ("POST", "/telegram", b"\xff\xfe", 400),
        ("POST", "/telegram", b"[]", 400),
        ("POST", "/telegram", b"{}", 400),
        ("POST", "/telegram", b'{"update_id": "many"}', 400),
        ("POST", "/telegram", b'{"update_id": 7000001, "message": 7}', 400),
        ("POST", "/telegram", b" " * 1024**2 + b" ", 413),
        ("GET", "/telegram", b"", 405),
        ("POST", "/elsewhere", b"{}", 404),
        ("POST", "/telegram/students", b"{}", 404),
        ("GET", "/", b"", 404),
        ("POST", "/livez", b"", 405),
        ("POST", "/telegram", b'{"update_id": 7000001}', 200),
        ("POST", "/telegram", b'{"update_id": 7000001, "something_new": {}}', 200),
    ],
)
async def test_what_is_no_update_gets_a_short_answer(
    desk: None,
    hooked: Settings,
    http: ClientSession,
    method: str,
    path: str,
    body: bytes,
    status: int,
) -> None:
    address = f"http://127.0.0.1:{hooked.webhook_port}{path}"
    async with http.request(
        method, address, data=BytesIO(body), headers={SECRET_HEADER: SECRET}
    ) as answer:
        text = await answer.text()

    assert answer.status == status
    assert len(text) < 100
    assert "Traceback" not in text


async def test_readiness_follows_the_database_and_life_does_not(
    hooked: Settings, dsn: str, http: ClientSession
) -> None:
    async with Cable.laid(dsn) as cable:
        here = hooked.model_copy(update={"database_url": SecretStr(cable.dsn)})
        async with open_desk(here):
            await until_ready(http, here)

            await cable.cut()
            await until_said(http, here, "the database does not answer")
            unready, _ = await said_at(http, here, "/readyz")
            alive, _ = await said_at(http, here, "/livez")
            await cable.mend()

            await until_ready(http, here)
    assert (unready, alive) == (503, 200)


async def test_a_desk_whose_webhook_cannot_be_set_is_not_ready(
    hooked: Settings, telegram: Telegram, http: ClientSession
) -> None:
    telegram.faults.add(fault=Delay(1), method="setWebhook")
    async with open_desk(hooked):
        await until_said(http, hooked, "the webhook is not set")
        await until_ready(http, hooked)


async def test_while_the_database_is_away_people_are_told_and_other_news_waits(
    hooked: Settings,
    dsn: str,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    async with Cable.laid(dsn) as cable:
        here = hooked.model_copy(update={"database_url": SecretStr(cable.dsn)})
        async with open_desk(here):
            vera.start()
            await vera.hears("your bookings")
            vera.block()
            await anna.opens(f"/booking {booking}", shows="Pending")
            await anna.press("Confirm")
            await anna.hears("Vera was not welcomed")

            await cable.cut()
            vera.unblock()
            await anna.opens("/pending", shows="The database is busy right now")
            await telegram.until(lambda: desk_bot.updates.pending)
            await cable.mend()

            await vera.hears("welcome!")


async def test_news_of_a_block_that_come_late_do_not_hide_a_student_who_is_back(
    desk: None,
    hooked: Settings,
    http: ClientSession,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")

    a_minute_ago = int(time.time()) - 60
    assert await bring(http, hooked, blocked_at(vera, a_minute_ago)) == 200

    await anna.opens(f"/booking {booking}", shows="Pending")
    assert "blocked" not in anna.screen.text


def blocked_at(student: Person, date: int) -> dict[str, Any]:
    user = {"id": student.id, "is_bot": False, "first_name": "Vera"}
    bot = {"id": 1001, "is_bot": True, "first_name": "School desk"}
    return {
        "update_id": ASKED_AGAIN,
        "my_chat_member": {
            "chat": {"id": student.id, "type": "private"},
            "from": user,
            "date": date,
            "old_chat_member": {"status": "member", "user": bot},
            "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
        },
    }


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
        "WEBHOOK_PORT": str(hooked.webhook_port),
        "UNDO_SECONDS": "0",
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

    # Its lease has ended.
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
        anna.send("/pending")
        await program.rest()

    assert program.returncode == 0
    assert "No bookings yet" in anna.inbox[-1]
    assert len(desk_bot.updates.pending) == 1


async def until_refused(http: ClientSession, settings: Settings) -> None:
    with suppress(ClientConnectionError):
        async with asyncio.timeout(10):
            while True:
                await said_at(http, settings, "/livez")


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


async def test_the_students_bot_has_an_address_of_its_own(
    hooked: Settings, telegram: Telegram, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    school_bot = telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    vera_at_school = Person(telegram, school_bot, vera.account)
    booking = await make_booking()
    both = hooked.model_copy(
        update={"student_bot_token": SecretStr(STUDENTS_TOKEN), "student_bot_polling": True}
    )
    async with open_desk(both):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.hears("Vera was not welcomed")
        vera_at_school.start()
        await vera_at_school.hears("welcome!")

    assert school_bot.webhook is not None
    assert school_bot.webhook.url == f"{hooked.webhook_url}/students"


async def test_a_students_bot_that_the_school_serves_keeps_its_webhook(
    hooked: Settings, telegram: Telegram, anna: Person
) -> None:
    school_bot = telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    only_sends = hooked.model_copy(update={"student_bot_token": SecretStr(STUDENTS_TOKEN)})

    async with open_desk(only_sends):
        await anna.opens("/pending", shows="Nobody is waiting")

    assert school_bot.webhook is None


async def test_a_port_in_use_is_said_in_a_line(
    desk: None, variables: Mapping[str, str], tmp_path: Path
) -> None:
    ended = await run_to_the_end(tmp_path, "run", **variables)

    assert ended.code == 2
    assert ended.complaint.startswith("WEBHOOK_PORT cannot be listened at (")
    assert ended.complaint.endswith(
        ". It should be the free port at which the desk listens with WEBHOOK_URL.\n"
    )
    assert ended.complaint.count("\n") == 1


async def test_nothing_secret_and_no_traceback_is_logged_whatever_comes(
    variables: Mapping[str, str], hooked: Settings, http: ClientSession, tmp_path: Path
) -> None:
    async with running(tmp_path, **variables) as program:
        await until_ready(http, hooked)
        await bring(http, hooked, {"update_id": f"{DESK_TOKEN} {SECRET}"})
        address = f"http://127.0.0.1:{hooked.webhook_port}/bot{DESK_TOKEN}/{SECRET}"
        await http.post(address, data=b"\x00", headers={SECRET_HEADER: "секрет"})
        reader, writer = await asyncio.open_connection("127.0.0.1", hooked.webhook_port)
        writer.write(b"POST /telegram HTTP/1.1\r\nno colon here\r\n\r\n")
        await reader.read()
        writer.close()
        program.terminate()
        logged = await program.rest()

    assert b"what came to the webhook is no update" in logged
    assert SECRET.encode() not in logged
    assert DESK_TOKEN.partition(":")[2].encode() not in logged
    assert b"Traceback" not in logged
