"""/status: the state of the desk, with and without faults."""

import asyncpg
import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.wiring.services import VERSION
from simulator import Refuse, ServerError, Telegram
from tests.support.desk import open_desk
from tests.support.net.cable import Cable
from tests.support.outbox import put
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking

STUDENTS_TOKEN = "1002:student-token-of-the-tests"


async def test_a_desk_that_is_well_says_so_in_every_line(
    desk: None, anna: Person, boris: Person
) -> None:
    await anna.opens("/status", shows="🩺 The desk is well")
    await anna.sees("✅ Telegram answers @school_desk_bot", "✅ The database answers")
    await anna.sees("✅ Send queue is empty")
    await anna.sees(f"For the engineer: version {VERSION}, long polling, PostgreSQL 1")

    await boris.opens("/status", shows="🩺 Бот в порядке")
    for screen in (anna.screen.text, boris.screen.text):
        assert not set("❌⚠📪👉") & set(screen)


async def test_a_database_that_is_gone_is_named(
    settings: Settings, dsn: str, anna: Person
) -> None:
    async with Cable.laid(dsn) as cable:
        here = settings.model_copy(update={"database_url": SecretStr(cable.dsn)})
        async with open_desk(here):
            await anna.opens("/status", shows="✅ The database answers")

            await cable.cut()
            await anna.opens("/status", shows="🩺 The desk is not well")
            await anna.sees("❌ The database does not answer", "👉 This usually passes by itself")
            await cable.mend()

            await anna.finds("/status", "✅ The database answers")


async def test_a_bot_that_is_silent_is_named(
    settings: Settings, telegram: Telegram, anna: Person
) -> None:
    telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    two = settings.model_copy(update={"student_bot_token": SecretStr(STUDENTS_TOKEN)})
    async with open_desk(two):
        await anna.opens("/status", shows="✅ Telegram answers @school_bot")

        telegram.faults.add(fault=ServerError(502), method="getMe", times=2)

        await anna.opens("/status", shows="❌ Telegram does not answer @school_bot")
        await anna.sees("not well", "👉 This usually passes by itself")


async def test_what_waits_to_leave_is_counted_with_its_age(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    async with open_desk(settings):
        await anna.opens("/status", shows="Send queue is empty")
        await sql.execute("UPDATE booking_desk.gates SET paused_until = now() + '1 hour'")
        await sql.execute(
            """
            INSERT INTO booking_desk.outbox
                   (kind, key, booking_id, revision, chat_id, sender, due_at)
            VALUES ('welcome', '1', $1, 2, 13, 'students', now() - interval '5 minutes'),
                   ('welcome', '2', $1, 3, 13, 'students', now() + interval '5 minutes')
            """,
            booking,
        )

        await anna.opens("/status", shows="⚠️ 1 message is waiting to leave, for 5 min")
        await anna.sees("👉 Look again in a few minutes")
        await anna.sees("⏸ Telegram asked for a pause until")


@pytest.mark.parametrize("words", ["Bad Request: <odd> words"])
async def test_the_last_error_is_shown_in_the_readers_words_not_in_telegrams(
    desk: None,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    words: str,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    telegram.faults.add(fault=Refuse(400, words), method="sendMessage", chat_id=vera.id)
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome")

    await anna.opens("/status", shows="Last error in sending")
    await anna.sees("📪 1 message did not arrive", "👉 /outbox says why")

    assert "Telegram refused the text" in anna.screen.text
    assert words not in anna.screen.text


async def test_a_message_withdrawn_in_time_is_no_error(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    """The message was withdrawn when it was due, because its booking was not confirmed."""
    booking = await make_booking(confirmed=1)
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox (kind, key, booking_id, revision, chat_id, sender)
        VALUES ('welcome', 'welcome', $1, 2, 13, 'students')
        """,
        booking,
    )
    await sql.execute("NOTIFY booking_desk, 'outbox'")
    await anna.finds(f"/booking {booking}", "the booking is no longer confirmed")

    await anna.opens("/status", shows="🩺 The desk is well")
    assert "error" not in anna.screen.text


async def test_what_has_just_become_due_is_no_warning(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await put(sql, await make_booking(confirmed=2), "queued", count=2)
    await sql.execute("UPDATE booking_desk.outbox SET attempts = 0")
    async with open_desk(settings):
        await sql.execute("UPDATE booking_desk.gates SET paused_until = now() + '1 hour'")

        await anna.opens("/status", shows="✅ 2 messages are leaving")


async def test_a_message_that_is_tried_again_and_again_waits_since_its_first_attempt(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await put(sql, await make_booking(confirmed=2), "queued", "telegram_down")
    await sql.execute("UPDATE booking_desk.outbox SET due_at = now() + interval '5 minutes'")
    await sql.execute(
        """
        INSERT INTO booking_desk.attempts (message_id, attempt, at, state, reason)
        VALUES (1, 1, now() - interval '20 minutes', 'queued', 'telegram_down')
        """
    )
    async with open_desk(settings):
        await anna.opens("/status", shows="⚠️ 1 message is waiting to leave, for 20 min")


async def test_a_bot_without_updates_is_named_with_what_to_do(
    settings: Settings, telegram: Telegram, anna: Person, boris: Person, sql: asyncpg.Connection
) -> None:
    """The students' bot is polled by another program, too."""
    telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    two = settings.model_copy(
        update={"student_bot_token": SecretStr(STUDENTS_TOKEN), "student_bot_polling": True}
    )
    async with open_desk(two):
        await anna.opens("/status", shows="🩺 The desk is well")
        await until_true(sql, "SELECT count(*) = 5 FROM booking_desk.signs")
        await sql.execute(
            """
            UPDATE booking_desk.signs
               SET well_at = now() - interval '3 hours', alarmed_at = now()
             WHERE name = 'updates of school_bot'
            """
        )

        await anna.opens("/status", shows="🩺 The desk is not well")
        await anna.sees("❌ @school_bot has had no news from Telegram since", "3 hr ago", "👉")
        await boris.opens("/status", shows="❌ @school_bot ничего не получает от Telegram")
