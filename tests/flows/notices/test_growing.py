"""A burst of students out of reach is one message, which grows."""

import asyncpg

from bot.settings import Settings
from simulator import BotAccount, ChatMessage, Group, Refuse, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import ANNA_ID, MakeBooking

NOTED = "SELECT count(*) > 0 FROM booking_desk.copies WHERE notice_id IS NOT NULL"


async def lose(make_booking: MakeBooking, sql: asyncpg.Connection, *names: str) -> list[int]:
    """Let another program confirm bookings of students who never started the bot."""
    bookings = [
        await make_booking(user_id=1000 + ord(name[0]) + len(name), first_name=name)
        for name in names
    ]
    await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = ANY($1)", bookings)
    return bookings


def notices(person: Person, place: BotAccount | Group) -> list[ChatMessage]:
    return [
        message
        for message in person.account.chat(place)
        if any(words in message.text for words in ("didn't get the welcome", "not reached"))
    ]


async def test_a_student_who_is_lost_soon_after_another_joins_the_same_notice(
    desk: None,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    await anna.hears("Booking desk")
    await lose(make_booking, sql, "Vera")
    await anna.hears("Vera didn't get the welcome")
    await until_true(sql, NOTED)

    await lose(make_booking, sql, "Petr")

    await anna.sees("2 students were not reached", "Vera · #1", "Petr · #2")
    assert len(notices(anna, desk_bot)) == 1
    await anna.press("Show them ›")
    await anna.sees("on hold", "#1", "#2")
    assert len(notices(anna, desk_bot)) == 1


async def test_a_notice_of_several_follows_each_of_them_and_says_when_nothing_is_left(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    await anna.hears("Booking desk")
    first = await make_booking()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await anna.hears("Vera didn't get the welcome")
    await until_true(sql, NOTED)
    _, third = await lose(make_booking, sql, "Petr", "Rita")
    await anna.sees("3 students were not reached")
    grown = anna.screen

    vera.start()

    await anna.sees("2 students were not reached", "1 other needs nothing any more")
    assert f"#{first}" not in anna.screen.text
    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE id = $1", third)
    await anna.sees("1 student was not reached", "Petr")
    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE first_name = 'Petr'")
    await anna.sees("Nothing left to do: 3 students")
    assert anna.screen.message_id == grown.message_id


async def test_after_half_an_hour_a_notice_is_a_message_of_its_own(
    desk: None,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    await anna.hears("Booking desk")
    await lose(make_booking, sql, "Vera")
    await anna.hears("Vera didn't get the welcome")
    await until_true(sql, NOTED)
    await sql.execute(
        "UPDATE booking_desk.outbox SET ended_at = ended_at - interval '30 minutes'"
        " WHERE kind = 'unreached' AND state = 'sent'"
    )

    await lose(make_booking, sql, "Petr")

    await anna.hears("Petr didn't get the welcome")
    assert len(notices(anna, desk_bot)) == 2


async def test_who_joined_a_notice_that_was_deleted_is_told_anew(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    await anna.hears("Booking desk")
    await lose(make_booking, sql, "Vera")
    await anna.hears("Vera didn't get the welcome")
    await until_true(sql, NOTED)
    anna.delete(anna.screen)

    await lose(make_booking, sql, "Petr")

    await anna.hears("Petr didn't get the welcome")


async def test_two_replicas_tell_of_a_burst_in_few_messages_and_leave_nobody_out(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """At worst each replica begins a message of its own."""
    async with open_desk(settings), open_desk(settings):
        anna.start()
        await anna.hears("Booking desk")
        await lose(make_booking, sql, *(f"Student {n * 'i'}" for n in range(8)))

        await telegram.until(lambda: told(anna, desk_bot) == 8)

    assert len(notices(anna, desk_bot)) <= 2


def told(person: Person, place: BotAccount | Group) -> int:
    """Return how many students the notices there count."""
    texts = [message.text for message in notices(person, place)]
    return sum(int(text.split()[1]) if text.split()[1].isdigit() else 1 for text in texts)


async def test_a_group_opens_the_list_in_the_admins_own_chat(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    staff: Group,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    async with open_desk(settings.model_copy(update={"staff_chat_id": staff.id})):
        anna.start()
        await anna.hears("Booking desk")
        await lose(make_booking, sql, "Vera", "Petr")
        await telegram.until(lambda: told(anna, staff) == 2)
        shared = notices(anna, staff)[-1]
        data = shared.buttons[-1][0].callback_data or ""

        answer = await anna.account.press(staff, shared.message_id, data).answered()

        assert answer.url == "https://t.me/school_desk_bot?start=o_waiting-no_chat"
        anna.start((answer.url or "").partition("=")[2])
        await anna.sees("on hold", "#1", "#2")
        assert "2 students" in notices(anna, staff)[-1].text


async def test_what_a_refused_notice_had_taken_over_is_told_by_another(
    desk: None,
    telegram: Telegram,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    await anna.hears("Booking desk")
    refusal = Refuse(400, "Bad Request: no")
    telegram.faults.add(fault=refusal, method="sendMessage", chat_id=ANNA_ID, times=1)

    await lose(make_booking, sql, "Vera", "Petr", "Rita")

    await anna.hears("2 students were not reached")
