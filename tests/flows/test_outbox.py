"""/outbox: what was not delivered, why, and what admins can do about it."""

import asyncpg
import pytest

from bot.services.outbox.delivery import MOST_ATTEMPTS
from simulator import CutAfter, Refuse, Telegram
from tests.support.person import Person
from tests.support.school import VERA_ID, MakeBooking


async def put(
    sql: asyncpg.Connection, booking: int, state: str, reason: str | None = None, count: int = 1
) -> None:
    """Owe Vera welcomes that have come as far as this state."""
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox
               (kind, key, booking_id, revision, chat_id, sender, state, reason, attempts,
                ended_at)
        SELECT 'welcome', concat_ws(':', 'welcome', $1::bigint, revision, $2::bigint),
               $1, revision, $2, 'students', $3, $4, 1, now()
          FROM generate_series(100, 99 + $5::integer) AS revision
        """,
        booking,
        VERA_ID,
        state,
        reason,
        count,
    )


async def state_of(sql: asyncpg.Connection, message: int = 1) -> tuple[str, str | None]:
    row = await sql.fetchrow(
        "SELECT state, reason FROM booking_desk.outbox WHERE id = $1", message
    )
    return row["state"], row["reason"]


@pytest.fixture
async def booking(desk: None, vera: Person, make_booking: MakeBooking) -> int:
    """A confirmed booking of Vera's, who has started the bot."""
    booking = await make_booking(confirmed=2)
    vera.start()
    await vera.hears("your bookings")
    return booking


async def test_an_outbox_where_all_is_well_says_so(desk: None, anna: Person) -> None:
    await anna.opens("/outbox", shows="🎉 Everything has arrived")

    assert anna.buttons == ["💌 Sent", "🔄 Refresh"]


async def test_what_was_not_delivered_is_counted_by_state_and_reason(
    anna: Person, boris: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "waiting", "blocked", 3)
    await put(sql, booking + 1, "failed", "refused", 2)
    await put(sql, booking + 2, "sent", count=4)
    await put(sql, booking + 3, "withdrawn", "cancelled", 4)

    await anna.opens("/outbox", shows="Not delivered · 5 messages")
    await boris.opens("/outbox", shows="Не доставлено · 5 сообщений")

    assert anna.buttons[:2] == [
        "📪 waiting for the reader: the reader has blocked the bot · 3",
        "⚠️ failed: Telegram refused the text · 2",
    ]
    assert boris.buttons[0].endswith("адресат заблокировал бота · 3")


async def test_a_group_is_read_page_by_page_the_newest_first(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused", 20)
    await anna.opens("/outbox", shows="20 messages")
    pages = []

    await anna.press("failed")
    for number in (1, 2):
        await anna.sees(f"page {number} of 3")
        pages.append(payloads(anna))
        await anna.press("Next ›")
    await anna.sees("page 3 of 3")
    pages.append(payloads(anna))

    assert [len(page) for page in pages] == [8, 8, 4]
    assert len({each for page in pages for each in page}) == 20
    await anna.press("« 1")
    await anna.sees("page 1 of 3")
    assert payloads(anna) == pages[0]
    await anna.press("3 »")
    await anna.sees("page 3 of 3")
    assert payloads(anna) == pages[2]


async def test_no_page_of_a_long_history_is_the_last_before_its_end(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "sent", count=1016)
    await anna.opens("/outbox", shows="Everything has arrived")
    await anna.press("Sent")
    await anna.sees("page 1 of 126+", "126+ »")
    await anna.press("126+ »")
    await anna.sees("page 126+ of 126+")
    seen = []
    for _ in range(3):
        before = payloads(anna)
        seen += before
        await anna.choose("‹ Back")
    await anna.sees("page 124 of 127")

    for shown in ("page 125 of 127", "page 126+ of 127+", "page 126+ of 126+"):
        await anna.choose("Next ›")
        await anna.sees(shown)
    assert len(set(seen)) == 24


def payloads(person: Person) -> list[str]:
    """Return which messages a page shows: the last field of the rows' payloads."""
    rows = [button for row in person.screen.buttons for button in row if " #" in button.text]
    return [(button.callback_data or "").rpartition(":")[2] for button in rows]


async def test_what_was_sent_can_be_looked_up(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "sent")
    await anna.opens("/outbox", shows="Everything has arrived")

    await anna.press("Sent")
    await anna.press(f"💌 #{booking}")
    await anna.sees("Message 1", "The welcome arrived")

    assert anna.buttons == [f"Booking #{booking}", "‹ Back to the list"]


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
    await anna.hears("was not welcomed")

    await anna.opens("/outbox", shows="failed")
    await anna.press("failed")
    await anna.press(f"#{booking}")
    await anna.sees("1. ", "Telegram refused the text", "Bad Request: <odd> words")
    shown = anna.screen.text
    await anna.press("Send again")
    await vera.hears("welcome!")

    welcome = next(text for text in vera.inbox if "welcome!" in text)
    assert welcome in shown
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
    await anna.hears("been welcomed")

    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")
    await anna.press("Send again")
    await anna.sees("Send it again?", "then the student reads it twice")
    asked = [text for text in vera.inbox if "welcome!" in text]
    await anna.press("Send again")
    await telegram.until(lambda: len([t for t in vera.inbox if "welcome!" in t]) == 2)

    assert len(asked) == 1


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
    await anna.hears("was not welcomed")

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
        ("Withdraw", "withdrawn_by_hand", "an admin has withdrawn it"),
        ("Told by hand", "told_by_hand", "an admin has told the student"),
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
    await anna.opens("/outbox", shows="waiting")
    await anna.press("waiting")
    await anna.press(f"#{booking}")

    await anna.press(button)
    await anna.sees(words)
    vera.start()
    await anna.opens("/outbox", shows="Everything has arrived")

    assert await state_of(sql) == ("withdrawn", reason)
    assert not [text for text in vera.inbox if "welcome!" in text]


async def test_a_welcome_that_may_have_arrived_is_not_said_to_have_stayed_here(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "unknown", "no_answer")
    await anna.opens("/outbox", shows="may have arrived")
    await anna.press("may have arrived")
    await anna.press(f"#{booking}")

    await anna.press("Withdraw")

    await anna.sees("✉️ The welcome was withdrawn, ", "an admin has withdrawn it")


@pytest.mark.parametrize("button", ["Send again", "Withdraw", "Told by hand"])
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
    assert answer.text == "This message has changed meanwhile. Open it again."
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
    await anna.hears("may not have been welcomed")

    answer = await anna.press("Send again", on=question)

    assert answer.text == "This message has changed meanwhile. Open it again."
    assert await state_of(sql) == ("unknown", "no_answer")


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


async def test_a_whole_group_is_sent_again_after_a_question(
    anna: Person, booking: int, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await put(sql, booking, "failed", "refused")
    for _ in range(2):
        await put(sql, await make_booking(confirmed=2), "failed", "refused")
    await put(sql, booking + 10, "failed", "gave_up")
    await anna.opens("/outbox", shows="4 messages")

    await anna.press("refused the text")
    await anna.press("Send all again")
    await anna.sees("Send 3 messages again?")
    untouched = await state_of(sql)
    answer = await anna.press("Yes, send all again")

    assert untouched == ("failed", "refused")
    assert answer.text == "🔁 3 messages are on their way again."
    assert await state_of(sql, 4) == ("failed", "gave_up")


async def test_a_group_that_may_have_arrived_warns_of_every_student(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "unknown", "no_answer", 2)
    await anna.opens("/outbox", shows="2 messages")
    await anna.press("may have arrived")

    await anna.press("Send all again")

    await anna.sees("They may have arrived; then the students read them twice")


async def test_a_question_left_open_sends_nothing_that_came_after_it(
    anna: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused")
    await anna.opens("/outbox", shows="1 message")
    await anna.press("failed")
    await anna.press("Send all again")
    await anna.sees("Send 1 message again?")

    await put(sql, booking + 10, "failed", "refused")
    answer = await anna.press("Yes, send all again")

    assert answer.text == "It is another number of messages by now. Open the list again."
    assert await state_of(sql, 1) == await state_of(sql, 2) == ("failed", "refused")


@pytest.mark.parametrize("state", ["failed", "waiting"])
async def test_a_group_of_which_some_may_have_arrived_warns_of_them(
    anna: Person, booking: int, sql: asyncpg.Connection, state: str
) -> None:
    await put(sql, booking, state, "gave_up", 2)
    await sql.execute("UPDATE booking_desk.outbox SET maybe_twice = true WHERE id = 1")
    await anna.opens("/outbox", shows="2 messages")
    await anna.press("too many times")

    await anna.press("Send all again")

    await anna.sees("Send 2 messages again?", "Some may have arrived")


async def test_what_was_sent_is_not_sent_again_by_a_forged_button(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "sent")
    await anna.opens("/outbox", shows="Everything has arrived")

    for forged in ("r3:st::f::1", "e2:st::f::1:1:r"):
        answer = await anna.forge(forged).answered()
        assert answer.text == "This message has changed meanwhile. Open it again."

    assert await state_of(sql) == ("sent", None)


async def test_none_of_it_exists_for_a_stranger(
    anna: Person, vera: Person, booking: int, sql: asyncpg.Connection
) -> None:
    await put(sql, booking, "failed", "refused")
    drawn = []
    await anna.opens("/outbox", shows="failed")
    drawn += data_on(anna)
    for label in ("failed", f"#{booking}"):
        await anna.press(label)
        await anna.sees("Back to the list" if "#" in label else "Send all again")
        drawn += data_on(anna)

    refused = {(await vera.forge(data).answered()).text for data in drawn}
    await vera.opens("/outbox", shows="/start")
    await vera.opens("/status", shows="/start")

    assert {data[:2] for data in drawn} >= {"o1", "g2", "r3", "n2", "e2", "c1"}
    assert refused == {"This button does not work any more."}
    assert await state_of(sql) == ("failed", "refused")


def data_on(person: Person) -> list[str]:
    return [each.callback_data or "" for row in person.screen.buttons for each in row]
