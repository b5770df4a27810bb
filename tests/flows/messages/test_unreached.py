"""A welcome does not reach its student: an admin is told once, and the welcome waits."""

import re
from collections.abc import Sequence

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, ChatMessage, Refuse, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import BORIS_ID, MakeBooking

WAITS = "kind = 'unreached' AND state = 'waiting'"
ARRIVED = "kind = 'unreached' AND state = 'sent'"


async def test_the_deciding_admin_is_told_once_and_the_welcome_arrives_by_itself_later(
    desk: None,
    anna: Person,
    boris: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    boris.start()

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome", "never started", "t.me/school_desk_bot?start=")
    await anna.opens("/outbox", shows="on hold")
    await anna.press("on hold")
    await anna.press(f"#{booking}")
    await anna.sees("Welcome", "1. ", "the student has never started the bot")
    vera.start()
    await vera.hears("welcome", "north")
    await anna.opens("/outbox", shows="Not delivered")
    await anna.refreshes(until="Everything has arrived")

    assert len([text for text in anna.inbox if "didn't get the welcome" in text]) == 1
    assert not [text for text in boris.inbox if "Vera" in text]
    assert (
        await sql.fetchval("SELECT state FROM booking_desk.outbox WHERE kind='welcome'") == "sent"
    )


async def test_a_message_can_be_settled_by_hand(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome")
    await anna.opens("/outbox", shows="on hold")
    await anna.press("on hold")
    await anna.press(f"#{booking}")
    await anna.press("I told them")
    await anna.sees("an admin told the student directly")
    await anna.opens("/outbox", shows="Not delivered")
    await anna.refreshes(until="Everything has arrived")


async def test_a_word_to_an_admin_is_not_called_a_welcome(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await anna.opens(f"/booking {await make_booking()}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome")
    await until_true(sql, "SELECT count(*) FROM booking_desk.outbox WHERE " + ARRIVED)

    await anna.opens("/outbox", shows="on hold")
    await anna.press("Sent")
    await anna.sees("page 1 of 1")
    await anna.press("alert")

    await anna.sees("💌 Alert delivered")
    assert "Welcome delivered" not in anna.screen.text


async def test_an_admin_out_of_reach_is_not_called_the_student(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    """All admins are told of another program's confirmation, but Boris never started the bot."""
    vera.start()
    await vera.hears("no bookings")
    vera.block()
    await anna.opens("/outbox", shows="Everything has arrived")
    booking = await make_booking()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await anna.hears("didn't get the welcome")

    await until_true(sql, "SELECT count(*) FROM booking_desk.outbox WHERE " + WAITS)

    await anna.opens("/outbox", shows="2 messages")
    await anna.press("on hold: the bot has no chat with the recipient")
    await anna.press(f"#{booking}")

    await anna.sees(
        "📪 Alert on hold: the bot has no chat with",
        "1. ",
    )


async def test_what_telegram_refused_is_sent_again_all_at_once(
    desk: None, telegram: Telegram, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    telegram.faults.add(
        method="sendMessage",
        chat_id=vera.id,
        times=1,
        fault=Refuse(400, "Bad Request: no such thing"),
    )

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome", "refused")
    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press("Send all again")
    await anna.sees("Send 1 message again?")
    await anna.press("Yes")

    await vera.hears("welcome", "north")


async def test_the_admins_group_is_told_as_well_and_once(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    boris.start()
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna.account, boris.account])
    staff.add(desk_bot)

    async with open_desk(settings.model_copy(update={"staff_chat_id": staff.id})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.hears("Vera didn't get the welcome")
        await telegram.until(lambda: any(notices(boris.account.chat(staff))))

    receivers = await sql.fetch("SELECT chat_id FROM booking_desk.outbox WHERE kind = 'unreached'")
    assert {row["chat_id"] for row in receivers} == {anna.id, staff.id}
    assert len(notices(boris.account.chat(staff))) == 1
    assert notices(boris.account.chat(desk_bot)) == []


def notices(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    return [message for message in messages if "didn't get the welcome" in message.text]


async def test_every_admin_is_told_when_another_program_confirmed(
    desk: None, anna: Person, boris: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking()
    for admin, greeting in ((anna, "Booking desk"), (boris, "Заявки школы")):
        admin.start()
        await admin.hears(greeting)

    await sql.execute("UPDATE bookings SET confirmed = 2")

    await anna.hears("Vera didn't get the welcome")
    await boris.hears("Vera: приветствие не дошло")


@pytest.mark.parametrize(
    ("username", "url"),
    [("vera_p", "https://t.me/vera_p"), (None, "tg://user?id=13"), ("a b", "tg://user?id=13")],
)
async def test_the_admin_gets_a_text_to_send_and_a_way_to_the_student(
    desk: None, anna: Person, make_booking: MakeBooking, username: str | None, url: str
) -> None:
    booking = await make_booking(username=username)
    await anna.opens(f"/booking {booking}", shows="Pending")

    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")

    copied = anna.button("Copy the text").copy_text
    assert copied is not None
    text, link = copied.text.splitlines()
    assert text == "Vera, welcome! Your place is confirmed: #1, north."
    assert link == f"https://t.me/school_desk_bot?start=welcome-{booking}"
    assert text in anna.screen.text
    assert anna.button("Profile").url == url
    await anna.press(f"Booking #{booking}")
    await anna.sees("Confirmed")


async def test_a_text_to_copy_is_never_too_long_for_telegram(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(first_name="👨‍👩‍👧‍👦" * 30)
    await sql.execute("UPDATE booking_desk.courses SET name = repeat('🎓', 60)")
    await anna.opens(f"/booking {booking}", shows="Pending")

    await anna.press("Confirm")

    await anna.hears("didn't get the welcome")


async def test_a_profile_that_may_not_be_linked_to_costs_nobody_the_notice(
    desk: None, telegram: Telegram, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    telegram.faults.add(
        fault=Refuse(400, "Bad Request: BUTTON_USER_PRIVACY_RESTRICTED"),
        method="sendMessage",
        chat_id=anna.id,
    )

    await anna.press("Confirm")

    await anna.hears("Vera didn't get the welcome")
    assert anna.buttons[0] == "Copy the text"
    assert not [label for label in anna.buttons if "Profile" in label]


async def test_the_link_in_the_notice_brings_the_welcome(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome")

    [payload] = re.findall(r"https://t\.me/school_desk_bot\?start=(\S+)", anna.screen.text)
    vera.start(payload)

    await vera.hears("welcome!", "north")


async def test_the_admin_reads_their_language_and_the_student_theirs(
    desk: None, boris: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    vera.block()
    boris.start()
    await boris.opens(f"/booking {booking}", shows="Заявка")

    await boris.press("Подтвердить")

    await boris.hears("приветствие не дошло", "Vera, welcome! Your place is confirmed")


async def test_a_former_admin_hears_nothing_more_and_an_admin_of_now_does(
    settings: Settings,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """Anna has blocked the bot when the notice is owed, and is back when she is no admin."""
    booking = await make_booking()
    async with open_desk(settings):
        await anna.opens(f"/booking {booking}", shows="Pending")
        anna.block()
        await sql.execute("UPDATE bookings SET confirmed = 2")
        await until_true(sql, "SELECT count(*) = 2 FROM booking_desk.outbox WHERE " + WAITS)
    boris.start()
    anna.unblock()

    async with open_desk(settings.model_copy(update={"admin_ids": frozenset({BORIS_ID})})):
        await boris.hears("t.me/school_desk_bot?start=")
        await until_true(
            sql, "SELECT count(*) = 1 FROM booking_desk.outbox WHERE reason = 'readdressed'"
        )

    assert not [text for text in anna.inbox if "t.me/school_desk_bot?start=" in text]
