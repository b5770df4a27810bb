"""/outbox: what admins can do with one message."""

import asyncpg
import pytest

from bot.services.outbox.delivery import MOST_ATTEMPTS
from simulator import CutAfter, Refuse, Telegram
from tests.support.outbox import put, state_of
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_a_message_shows_its_attempts_and_its_text_as_the_student_sees_it(
    telegram: Telegram, anna: Person, vera: Person, make_booking: MakeBooking, desk: None
) -> None:
    booking = await make_booking(first_name="<3 Vera")
    vera.start()
    await vera.hears("your bookings")
    telegram.faults.add(
        fault=Refuse(400, "Bad Request: <odd> words"), method="sendMessage", chat_id=vera.id
    )
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome")

    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")
    await anna.sees("1. ", "Telegram refused the text", "For the engineer: message 1")
    card = anna.screen.text
    assert "odd" not in card
    await anna.press("Send again")
    await vera.hears("welcome!")

    welcome = next(text for text in vera.inbox if "welcome!" in text)
    assert welcome in card
    assert "<3 Vera" in welcome


async def test_a_failed_message_is_sent_again_at_once(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused")
    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")

    answer = await anna.press("Send again")
    await vera.hears("welcome!")

    assert answer.text == "🔁 It is on its way again."


async def test_a_message_that_may_have_arrived_asks_first(
    telegram: Telegram, anna: Person, vera: Person, make_booking: MakeBooking, desk: None
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    telegram.faults.add(fault=CutAfter(), method="sendMessage", chat_id=vera.id)
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("may not have received the welcome")

    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")
    await anna.press("Send again")
    await anna.sees("Send it again?", "then the student reads it twice")
    before = [text for text in vera.inbox if "welcome!" in text]
    await anna.press("Send again")
    await telegram.until(lambda: len([t for t in vera.inbox if "welcome!" in t]) == 2)

    assert len(before) == 1


async def test_a_message_that_failed_after_it_may_have_arrived_asks_first_as_well(
    telegram: Telegram, anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "unknown", "no_answer")
    telegram.faults.add(
        fault=Refuse(400, "Bad Request: no"), method="sendMessage", chat_id=vera.id
    )
    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")
    await anna.press("Send again")
    await anna.sees("Send it again?")
    await anna.press("Send again")
    await anna.hears("didn't get the welcome")

    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")
    await anna.sees("👯 An earlier attempt left and was never answered")
    await anna.press("Send again")

    await anna.sees("Send it again?", "then the student reads it twice")
    assert await state_of(sql) == ("failed", "refused")


@pytest.mark.parametrize(
    ("button", "reason", "words"),
    [
        ("Withdraw", "withdrawn_by_hand", "an admin withdrew it"),
        ("I told them", "told_by_hand", "an admin told the student directly"),
    ],
)
async def test_a_message_is_settled_by_an_admin_and_never_sent(
    anna: Person,
    vera: Person,
    booking: int,
    sql: asyncpg.Connection,
    button: str,
    reason: str,
    words: str,
) -> None:
    await put(sql, booking, "waiting", "blocked")
    await anna.opens("/outbox", shows="on hold")
    await anna.press("on hold")
    await anna.press(f"#{booking}")

    await anna.press(button)
    await anna.sees(words)
    vera.start()
    await anna.opens("/outbox", shows="Everything has arrived")

    assert await state_of(sql) == ("withdrawn", reason)
    assert not [text for text in vera.inbox if "welcome!" in text]


@pytest.mark.parametrize("button", ["Withdraw", "I told them"])
async def test_what_an_admin_settled_by_mistake_is_sent_after_all(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection, button: str
) -> None:
    vera.start()
    await put(sql, booking, "failed", "refused")
    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")
    await anna.press(button)

    await anna.press("Send it after all")

    await vera.hears("welcome!")


async def test_an_admin_who_knows_that_it_arrived_says_so(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    vera.start()
    await put(sql, booking, "unknown", "no_answer")
    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")

    await anna.press("It arrived")

    await anna.sees("💌 Welcome delivered")
    assert "Send" not in "".join(anna.buttons)
    assert await state_of(sql) == ("sent", None)
    await anna.press("Not sure")
    await anna.sees("may have arrived")
    assert await state_of(sql) == ("unknown", "no_answer")
    await anna.press("It arrived")
    await anna.sees("💌 Welcome delivered")
    await anna.opens("/outbox", shows="Everything has arrived")


async def test_each_question_about_a_message_leads_back_to_it(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "unknown", "no_answer")
    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")
    await anna.press("Send again")

    await anna.press("‹ Back to the message")
    await anna.press(f"Booking #{booking}")
    await anna.press("Why?")
    await anna.press("‹ Back to the booking")
    await anna.press("‹ Back to the message")
    await anna.press("‹ Back to the list")
    await anna.press("‹ Not delivered")

    await anna.sees("Tap a group")


async def test_a_welcome_that_may_have_arrived_is_not_said_to_have_stayed_here(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "unknown", "no_answer")
    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")

    await anna.press("Withdraw")

    await anna.sees("✖️ Welcome withdrawn, ", "an admin withdrew it")


@pytest.mark.parametrize(
    ("button", "then"), [("Send all again", "Yes, send all again"), ("#", "Send again")]
)
async def test_a_message_that_was_given_up_is_tried_as_often_again(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection, button: str, then: str
) -> None:
    await put(sql, booking, "failed", "gave_up")
    await sql.execute("UPDATE booking_desk.outbox SET attempts = $1", MOST_ATTEMPTS + 1)
    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")

    await anna.press(button)
    await anna.press(then)

    await vera.hears("welcome!")
