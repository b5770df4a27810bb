"""A welcome fails to be sent: its state, and the text on the card."""

from contextlib import AsyncExitStack

import asyncpg
import pytest

from bot.services.outbox.delivery import MOST_ATTEMPTS
from bot.settings import Settings
from simulator import (
    BotAccount,
    CutAfter,
    CutBefore,
    ProxyError,
    Refuse,
    ServerError,
    Telegram,
    TooManyRequests,
    serve,
)
from simulator.faults import Fault
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking


@pytest.fixture
async def booking(desk: None, vera: Person, make_booking: MakeBooking) -> int:
    """Return a booking of Vera's, who has started the bot."""
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    return booking


async def confirm(anna: Person, booking: int) -> None:
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")


async def welcome(sql: asyncpg.Connection) -> tuple[str, str | None, int]:
    row = await sql.fetchrow(
        "SELECT state, reason, attempts FROM booking_desk.outbox WHERE kind = 'welcome'"
    )
    return row["state"], row["reason"], row["attempts"]


def welcomes_heard(person: Person) -> int:
    return len([text for text in person.inbox if "welcome!" in text])


@pytest.mark.parametrize(
    ("fault", "state", "reason", "words"),
    [
        (
            Refuse(403, "Forbidden: bot was blocked by the user"),
            "waiting",
            "blocked",
            "📪 Welcome on hold: the student has blocked",
        ),
        (
            Refuse(403, "Forbidden: bot can't initiate conversation with a user"),
            "waiting",
            "never_started",
            "📪 Welcome on hold: the student has never started",
        ),
        (
            Refuse(400, "Bad Request: chat not found"),
            "waiting",
            "no_chat",
            "Welcome on hold: the bot has no chat with this student",
        ),
        (
            Refuse(403, "Forbidden: user is deactivated"),
            "failed",
            "deactivated",
            "the student's account is deleted",
        ),
        (
            Refuse(400, "Bad Request: can't parse entities: unsupported start tag"),
            "failed",
            "refused",
            "Telegram refused the text",
        ),
        (CutAfter(), "unknown", "no_answer", "❓ Welcome may have arrived"),
        (CutBefore(), "unknown", "no_answer", "❓ Welcome may have arrived"),
        (ProxyError(504), "unknown", "no_answer", "❓ Welcome may have arrived"),
    ],
    ids=["blocked", "never started", "no chat", "deactivated", "bad text", "after", "cut", "late"],
)
async def test_an_attempt_that_ends_badly_says_so(
    telegram: Telegram,
    anna: Person,
    vera: Person,
    booking: int,
    sql: asyncpg.Connection,
    fault: Fault,
    state: str,
    reason: str,
    words: str,
) -> None:
    telegram.faults.add(fault=fault, method="sendMessage", chat_id=vera.id)

    await confirm(anna, booking)
    notice = (
        "may not have received the welcome" if state == "unknown" else "didn't get the welcome"
    )
    await anna.hears(f"Vera {notice}")
    await anna.finds(f"/booking {booking}", words)

    assert await welcome(sql) == (state, reason, 1)
    assert welcomes_heard(vera) == (1 if isinstance(fault, CutAfter) else 0)


@pytest.mark.parametrize(
    "fault",
    [
        ServerError(502),
        ProxyError(502),
        ProxyError(522),
        ProxyError(429),
        Refuse(429, "Too Many Requests"),
    ],
)
async def test_a_server_that_is_not_well_is_tried_again(
    telegram: Telegram,
    anna: Person,
    vera: Person,
    booking: int,
    sql: asyncpg.Connection,
    fault: Fault,
) -> None:
    telegram.faults.add(fault=fault, method="sendMessage", chat_id=vera.id)

    await confirm(anna, booking)
    await anna.finds(f"/booking {booking}", "on its way: Telegram has a problem")
    await vera.hears("welcome!")
    await anna.finds(f"/booking {booking}", "Welcome delivered")

    assert await welcome(sql) == ("sent", None, 2)
    assert not [text for text in anna.inbox if "didn't get the welcome" in text]


async def test_a_pause_that_telegram_asks_for_is_no_attempt(
    telegram: Telegram, anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    telegram.faults.add(fault=TooManyRequests(1), method="sendMessage", chat_id=vera.id)

    await confirm(anna, booking)
    await vera.hears("welcome!")
    await anna.finds(f"/booking {booking}", "Welcome delivered")

    assert await welcome(sql) == ("sent", None, 1)


async def test_a_request_that_never_left_is_tried_again_until_it_does(
    telegram: Telegram,
    settings: Settings,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """Telegram is down while another program confirms the booking."""
    await make_booking()
    vera.start()
    async with AsyncExitStack() as stack:
        async with serve(telegram) as url:
            here = settings.model_copy(update={"telegram_api_url": url})
            await stack.enter_async_context(open_desk(here))
            await vera.hears("your bookings")
        await sql.execute("UPDATE bookings SET confirmed = 2")
        await until_attempted(sql)
        attempted = await welcome(sql)

        async with serve(telegram, port=int(url.rpartition(":")[2])):
            await vera.hears("welcome!")

    assert attempted == ("queued", "telegram_down", 1)
    assert welcomes_heard(vera) == 1


async def until_attempted(sql: asyncpg.Connection) -> None:
    await until_true(sql, "SELECT count(*) FROM booking_desk.attempts")


async def test_attempts_come_to_an_end_and_the_admin_hears_of_it(
    telegram: Telegram, anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    telegram.faults.add(fault=ServerError(500), method="sendMessage", chat_id=vera.id, times=None)
    await confirm(anna, booking)
    await anna.finds(f"/booking {booking}", "Telegram has a problem")

    await sql.execute(
        "UPDATE booking_desk.outbox SET attempts = $1, due_at = now()", MOST_ATTEMPTS
    )
    await sql.execute("NOTIFY booking_desk, 'outbox'")
    await anna.hears("Vera", "it was tried too many times")

    assert (await welcome(sql))[:2] == ("failed", "gave_up")
    assert welcomes_heard(vera) == 0


async def test_a_group_that_became_a_supergroup_is_written_to_there(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    staff = telegram.add_group(-500, "Staff", [anna.account])
    staff.add(desk_bot)
    staff.upgrade()

    async with open_desk(settings.model_copy(update={"staff_chat_id": -500})):
        await confirm(anna, booking)
        await telegram.until(
            lambda: any("didn't get the welcome" in text.text for text in anna.account.chat(staff))
        )

    row = await sql.fetchrow("SELECT chat_id FROM booking_desk.outbox WHERE chat_id < 0")
    assert row["chat_id"] == staff.id != -500


async def test_a_deleted_account_is_found_out_and_shown(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    vera.account.delete_account()

    await confirm(anna, booking)
    await anna.finds(
        f"/booking {booking}", "Welcome could not be sent", "the student's account is deleted"
    )

    assert (await welcome(sql))[:2] == ("failed", "deactivated")
