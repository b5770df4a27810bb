"""The pace of messages is one for all replicas, and answers to people do not wait for it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Final

import asyncpg
import pytest

from bot.settings import Settings
from db.school import AS_A_RESTORE
from simulator import BotAccount, Telegram, TooManyRequests
from simulator.http.calls import Call
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking

RATE: Final = 10
SECOND: Final = timedelta(seconds=1)
BULK: Final = 100_000
"""Below the ids of the people who are written to in bulk."""
JITTER: Final = timedelta(seconds=0.3)
"""The time by which a busy machine may delay a request after it left."""


@pytest.fixture
async def replicas(settings: Settings) -> AsyncIterator[None]:
    """Run two programs with one database and one bot."""
    slow = settings.model_copy(update={"send_rate": RATE})
    async with open_desk(slow), open_desk(slow):
        yield


@pytest.fixture
def students(telegram: Telegram, desk_bot: BotAccount) -> list[Person]:
    """Return thirty people who have a chat with the bot."""
    people = [telegram.add_person(n, f"Student {n}") for n in range(1000, 1030)]
    for person in people:
        telegram.open(desk_bot, person.account)
    return [Person(telegram, desk_bot, person) for person in people]


def welcomes(telegram: Telegram) -> Sequence[Call]:
    """Return the calls that carry a welcome, but for the bulk, in the order of their arrival."""
    found = [
        call
        for call in telegram.calls
        if "🎉" in str(call.parameters.get("text")) and int(call.parameters["chat_id"]) < BULK
    ]
    return sorted(found, key=lambda call: call.started)


def have_left(telegram: Telegram, count: int) -> bool:
    return len(welcomes(telegram)) == count


def times(calls: Sequence[Call]) -> list[datetime]:
    return [call.started for call in calls]


async def confirm_all(
    sql: asyncpg.Connection, make_booking: MakeBooking, students: Sequence[Person]
) -> None:
    """Confirm a booking of each student at the same moment, as another program does."""
    for student in students:
        await make_booking(user_id=student.id)
    await sql.execute("UPDATE bookings SET confirmed = 2")


async def test_two_replicas_together_keep_the_pace(
    replicas: None,
    telegram: Telegram,
    students: list[Person],
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await confirm_all(sql, make_booking, students)

    await telegram.until(lambda: len(welcomes(telegram)) == len(students), timeout=10)

    seen = times(welcomes(telegram))
    for first, one_too_many in zip(seen, seen[RATE:], strict=False):
        assert one_too_many - first >= SECOND - JITTER
    assert seen[-1] - seen[0] < 9 * SECOND


async def test_a_person_is_written_to_at_most_once_a_second(
    replicas: None,
    telegram: Telegram,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()

    await confirm_all(sql, make_booking, [vera] * 3)
    await telegram.until(lambda: len(welcomes(telegram)) == 3)

    first, second, third = times(welcomes(telegram))
    assert second - first >= SECOND - JITTER
    assert third - second >= SECOND - JITTER


async def test_a_pause_that_telegram_asks_for_in_two_chats_holds_every_replica(
    replicas: None,
    telegram: Telegram,
    students: list[Person],
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """Of three refusals one replica meets two."""
    telegram.faults.add(fault=TooManyRequests(3), method="sendMessage", times=3)

    await confirm_all(sql, make_booking, students)
    await until_true(sql, "SELECT paused_until > now() + '2 seconds' FROM booking_desk.gates")
    paused_at = telegram.clock.now()
    await telegram.until(lambda: len(welcomes(telegram)) == len(students) + 3, timeout=15)

    during = [at for at in times(welcomes(telegram)) if JITTER < at - paused_at < SECOND]
    assert during == []
    await until_settled(sql)
    assert await sql.fetchval("SELECT max(attempts) FROM booking_desk.outbox") == 1


async def test_a_pause_of_an_hour_in_one_chat_stops_only_that_chat(
    replicas: None,
    telegram: Telegram,
    students: list[Person],
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    refused, *others = students[:10]
    telegram.faults.add(fault=TooManyRequests(3600), method="sendMessage", chat_id=refused.id)

    await confirm_all(sql, make_booking, [refused, refused, *others])
    await telegram.until(lambda: len(welcomes(telegram)) == len(others) + 1)

    await until_true(sql, "SELECT count(*) = 9 FROM booking_desk.outbox WHERE state = 'sent'")
    held = "SELECT free_at - now() FROM booking_desk.chat_gates WHERE chat_id = $1"
    assert await sql.fetchval(held, refused.id) > timedelta(minutes=59)
    assert await sql.fetchval("SELECT max(attempts) FROM booking_desk.outbox") == 1
    assert not await sql.fetchval("SELECT paused_until > now() FROM booking_desk.gates")


@pytest.mark.parametrize(
    "method", ["setMyCommands", "editMessageText", "answerCallbackQuery", "sendMessage"]
)
async def test_a_pause_that_is_about_something_else_holds_no_welcome(
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    method: str,
) -> None:
    vera.start()
    anna.start()
    booking = await make_booking()
    if method == "setMyCommands":
        telegram.faults.add(fault=TooManyRequests(3600), method=method, times=None)
    async with open_desk(settings):
        await vera.sees("these are your bookings")
        await anna.opens("/bookings", shows="1 booking")
        chat = anna.id if method == "sendMessage" else None
        telegram.faults.add(fault=TooManyRequests(3600), method=method, chat_id=chat, times=None)
        anna.tap(anna.buttons[0])
        anna.send("/pending")
        await telegram.until(lambda: any(call.status == 429 for call in telegram.calls))

        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", booking)

        await vera.hears("welcome!")


async def test_a_stranger_who_asks_again_and_again_pauses_nobody(
    settings: Settings, telegram: Telegram, vera: Person, sql: asyncpg.Connection
) -> None:
    async with open_desk(settings):
        vera.start()
        await telegram.until(lambda: len(vera.inbox) == 1)
        for _ in range(20):
            vera.start()
        await telegram.until(lambda: len(vera.inbox) == 2)
        vera.send("hello")
        await telegram.until(lambda: "/start" in vera.inbox[-1])

    starts = [call.started for call in telegram.calls if call.method == "sendMessage"]
    assert all(later - earlier >= SECOND - JITTER for earlier, later in pairwise(starts))
    assert len(starts) < 20


async def until_settled(sql: asyncpg.Connection) -> None:
    """Wait until all messages are marked as sent."""
    await until_true(sql, "SELECT bool_and(state = 'sent') FROM booking_desk.outbox")


async def put_in_bulk(
    sql: asyncpg.Connection, telegram: Telegram, desk_bot: BotAccount, count: int
) -> None:
    """Owe welcomes to as many people, after everything that anybody waits for."""
    for n in range(1, 1001):
        telegram.open(desk_bot, telegram.add_person(BULK + n, f"Person {n}").account)
    async with sql.transaction():
        await sql.execute(AS_A_RESTORE)
        await sql.execute(
            """
            INSERT INTO bookings (user_id, confirmed)
            SELECT $1 + n, 2 FROM generate_series(1, $2::integer) AS n
            """,
            BULK,
            count,
        )
        await sql.execute(
            """
            INSERT INTO booking_desk.outbox
                   (kind, key, booking_id, revision, chat_id, sender, priority)
            SELECT 'welcome', id, id, revision, user_id, 'students', 10 FROM bookings
            """
        )
        await sql.execute("NOTIFY booking_desk, 'outbox'")


async def test_a_welcome_overtakes_ten_thousand_messages_in_bulk(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    students: list[Person],
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await put_in_bulk(sql, telegram, desk_bot, 10_000)
    await telegram.until(
        lambda: any(int(call.parameters.get("chat_id", 0)) > BULK for call in telegram.calls)
    )
    overtaken = []

    for n, student in enumerate(students[:7], start=1):
        booking = await make_booking(user_id=student.id)
        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", booking)
        await telegram.until(partial(have_left, telegram, n))
        owed_at = await sql.fetchval(
            "SELECT created_at FROM booking_desk.outbox WHERE booking_id = $1", booking
        )
        left_at = times(welcomes(telegram))[-1]
        meanwhile = [call for call in telegram.calls if owed_at < call.started < left_at]
        overtaken.append(sum(int(call.parameters.get("chat_id", 0)) > BULK for call in meanwhile))

    left = await sql.fetchval("SELECT count(*) FROM booking_desk.outbox WHERE state = 'queued'")
    assert sorted(overtaken)[len(overtaken) // 2] < 15, overtaken
    assert left > 9_000


async def test_an_admin_s_welcome_overtakes_what_another_program_confirms_at_once(
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    students: list[Person],
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """At this pace the thirty others take half a minute."""
    vera.start()
    booking = await make_booking(user_id=vera.id)
    for each in students:
        await make_booking(user_id=each.id)
    async with open_desk(settings.model_copy(update={"send_rate": 1})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id <> $1", booking)
        await telegram.until(partial(have_left, telegram, 1))
        await until_true(sql, "SELECT count(*) = 30 FROM booking_desk.outbox")

        await anna.press("Confirm")
        await vera.hears("welcome!")

    assert len(welcomes(telegram)) <= 4
    priorities = await sql.fetch("SELECT DISTINCT priority FROM booking_desk.outbox ORDER BY 1")
    assert [row["priority"] for row in priorities] == [0, 10]


async def test_whoever_asks_is_answered_at_once_while_much_is_sent(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    sql: asyncpg.Connection,
) -> None:
    """Anna would wait a quarter of an hour if her answers went through the queue."""
    await put_in_bulk(sql, telegram, desk_bot, 1000)

    async with open_desk(settings.model_copy(update={"send_rate": 1})):
        await anna.opens("/pending", shows="Nobody is waiting")
        await anna.opens("/bookings", shows="1000 bookings")
        await sql.execute("UPDATE booking_desk.gates SET paused_until = now() + '1 hour'")
        await anna.opens("/pending", shows="Nobody is waiting")
