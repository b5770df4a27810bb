"""People who are not admins see their own bookings, and nothing else."""

import asyncpg
from structlog.testing import capture_logs

from bot.settings import Settings
from simulator import Refuse, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import ANNA_ID, MakeBooking


async def test_a_student_who_starts_the_bot_sees_their_own_bookings(
    desk: None, vera: Person, make_booking: MakeBooking
) -> None:
    await make_booking(user_id=vera.id, course_stream="north", confirmed=1)
    await make_booking(user_id=vera.id, course_stream="south", confirmed=2)
    await make_booking(user_id=vera.id + 1, course_stream="secret", first_name="Olga")

    vera.start()
    await vera.sees("Vera, these are your bookings", "We are checking the payment", "Confirmed")

    assert vera.screen.text.index("south") < vera.screen.text.index("north")
    assert "secret" not in vera.screen.text
    assert vera.buttons == []


async def test_a_student_without_bookings_is_greeted(desk: None, vera: Person) -> None:
    vera.start()

    await vera.sees("Vera, you have no bookings here yet")


async def test_a_student_who_starts_the_bot_later_gets_the_waiting_welcome_once(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.finds(f"/booking {booking}", "Welcome on hold")

    vera.start()
    await vera.hears("welcome!", "north")
    vera.start()
    await anna.finds(f"/booking {booking}", "Welcome delivered")

    assert len([text for text in vera.inbox if "welcome!" in text]) == 1


async def test_a_student_who_had_blocked_the_bot_gets_the_welcome_on_return(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.sees("these are your bookings")
    vera.block()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.finds(f"/booking {booking}", "the student has blocked the bot")

    vera.start()

    await vera.hears("welcome!")


async def test_who_blocks_the_bot_before_its_answer_alarms_nobody(
    desk: None, vera: Person, telegram: Telegram
) -> None:
    blocked = Refuse(403, "Forbidden: bot was blocked by the user")
    telegram.faults.add(fault=blocked, method="sendMessage", chat_id=vera.id)

    with capture_logs() as lines:
        vera.start()
        await telegram.until(lambda: not telegram.faults.rules)
        vera.start()
        await vera.sees("you have no bookings")

    assert [line["log_level"] for line in lines if "answer" in line["event"]] == ["info"]


async def test_admin_commands_do_not_exist_for_others(
    desk: None, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(user_id=99)
    vera.start()
    await vera.sees("you have no bookings")

    answers = set()
    for command in ("/pending", "/bookings", f"/booking {booking}", "/help", "/nonsense", "hello"):
        await vera.opens(command, shows="/start")
        answers.add(vera.screen.text)

    assert answers == {
        "Nobody reads this chat, so please write to the school directly."
        " I can show you your bookings: /start"
    }


async def test_every_admin_button_is_refused_in_a_strangers_hands(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    """A forged client presses an admin's buttons; a nonsense payload gets the same answer."""
    booking = await make_booking()
    await make_booking(course_stream="south")
    vera.start()
    await vera.sees("these are your bookings")
    before = await sql.fetch("SELECT * FROM bookings")

    payloads = await every_payload(anna, booking)
    refusals = {(await vera.forge(data).answered()).text for data in [*payloads, "nonsense"]}

    assert {data.partition(":")[0] for data in payloads} >= {
        *("l1", "c1", "d1", "q1", "s2", "k2", "k3", "f2", "p1", "w1", "r0")
    }
    assert refusals == {"This button does not work any more."}
    assert await sql.fetch("SELECT * FROM bookings") == before
    assert len(vera.inbox) == 1


async def every_payload(admin: Person, booking: int) -> list[str]:
    """Return the payloads of a list, a card, and both questions."""
    drawn = []
    await admin.opens("/pending", shows="Pending")
    drawn += payloads_on(admin)
    await admin.opens(f"/booking {booking}", shows="Pending")
    drawn += payloads_on(admin)
    await admin.press("Move")
    await admin.sees("south")
    drawn += payloads_on(admin)
    await admin.press("Back to the booking")
    await admin.sees("‹ All bookings")
    await admin.press("Cancel")
    await admin.sees("Yes, cancel it")
    return [*drawn, *payloads_on(admin)]


def payloads_on(admin: Person) -> list[str]:
    return [button.callback_data or "" for row in admin.screen.buttons for button in row]


async def test_a_former_admin_is_a_stranger_to_the_buttons_they_still_have(
    settings: Settings, boris: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    async with open_desk(settings):
        await boris.opens(f"/booking {booking}", shows="Заявка")

    only_anna = settings.model_copy(update={"admin_ids": frozenset({ANNA_ID})})
    async with open_desk(only_anna):
        answer = await boris.press("Подтвердить")
        await boris.opens("/pending", shows="/start")

    assert answer.text == "Эта кнопка больше не работает."
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 1
