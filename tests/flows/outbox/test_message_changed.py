"""A message that has gone on, or that others press as well."""

import asyncpg
import pytest

from simulator import CutAfter, Telegram
from tests.support.outbox import put, state_of
from tests.support.person import Person
from tests.support.school import MakeBooking


@pytest.mark.parametrize("button", ["Send again", "Withdraw", "I told them"])
async def test_a_button_of_a_message_that_has_gone_on_does_nothing(
    anna: Person, booking: int, sql: asyncpg.Connection, button: str
) -> None:
    await put(sql, booking, "failed", "refused")
    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")
    await anna.sees(button)

    await sql.execute("UPDATE booking_desk.outbox SET attempts = 2")
    answer = await anna.press(button)

    assert answer.show_alert
    assert answer.text == "This message was changed in the meantime. Open it again."
    assert await state_of(sql) == ("failed", "refused")


async def test_a_question_is_of_no_use_once_another_admin_has_answered_it(
    telegram: Telegram,
    anna: Person,
    boris: Person,
    vera: Person,
    booking: int,
    sql: asyncpg.Connection,
) -> None:
    await put(sql, booking, "unknown", "no_answer")
    for admin, again in ((anna, "Send again"), (boris, "Отправить ещё раз")):
        await admin.opens("/outbox", shows="❓")
        await admin.press("❓")
        await admin.press(f"#{booking}")
        await admin.press(again)
        await admin.sees("⚠️")
    question = anna.screen
    telegram.faults.add(fault=CutAfter(), method="sendMessage", chat_id=vera.id)
    await boris.press("Отправить ещё раз")
    await anna.hears("may not have received the welcome")

    answer = await anna.press("Send again", on=question)

    assert answer.text == "This message was changed in the meantime. Open it again."
    assert await state_of(sql) == ("unknown", "no_answer")


async def test_a_press_that_telegram_delivers_twice_sends_once(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused")
    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")
    await anna.sees("Send again")

    anna.tap("Send again").redeliver()
    await vera.hears("welcome!")
    await anna.opens("/outbox", shows="Not delivered")
    await anna.refreshes(until="Everything has arrived")

    assert len([text for text in vera.inbox if "welcome!" in text]) == 1


async def test_what_was_sent_is_not_sent_again_by_a_forged_button(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "sent")
    await anna.opens("/outbox", shows="Everything has arrived")

    for forged in ("r3:st::f::1", "e2:st::f::1:1:r"):
        answer = await anna.forge(forged).answered()
        assert answer.text == "This message was changed in the meantime. Open it again."

    assert await state_of(sql) == ("sent", None)


async def test_a_message_that_another_program_holds_is_busy_and_no_other_waits_for_it(
    anna: Person,
    boris: Person,
    vera: Person,
    booking: int,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    other = await make_booking(user_id=77, confirmed=2)
    for each in (booking, other):
        await put(sql, each, "failed", "refused")
    cards = []
    for each in (booking, other):
        await anna.opens("/outbox", shows="failed")
        await anna.press("failed")
        await anna.press(f"#{each}")
        await anna.sees("Withdraw")
        cards.append(anna.screen)
    await boris.opens("/pending", shows="Никто не ждёт")

    async with sql.transaction():
        await sql.execute(
            "SELECT FROM booking_desk.outbox WHERE booking_id = $1 FOR UPDATE", booking
        )
        waiting = anna.tap("Send again", on=cards[0])
        withdrawn = await anna.press("Withdraw", on=cards[1])
        await boris.opens("/bookings", shows=f"#{booking}")
        assert waiting.answer is None
        busy = await waiting.answered()
    again = await anna.press("Send again", on=cards[0])
    await vera.hears("welcome!")

    assert "The database is busy right now" in (busy.text or "")
    assert busy.show_alert
    assert not withdrawn.show_alert
    assert again.text == "🔁 It is on its way again."
