"""What an admin does about a welcome that has not arrived, on the card and on the notice."""

import asyncpg

from bot.settings import Settings
from simulator import BotAccount, ChatMessage, CutAfter, Group, Telegram
from tests.support.desk import open_desk
from tests.support.outbox import put, state_of
from tests.support.person import Person
from tests.support.school import MakeBooking

NOTICE = "didn't get the welcome"


async def confirmed(anna: Person, booking: int) -> ChatMessage:
    """Let Anna confirm a booking whose student is out of reach; return the notice."""
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears(NOTICE)
    return anna.screen


async def test_a_card_says_again_what_failed_and_the_notice_follows(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    await confirmed(anna, booking)
    telegram.open(desk_bot, vera.account.account)
    await anna.opens(f"/booking {booking}", shows="Welcome on hold")

    answer = await anna.press("Send again")

    assert answer.text == "🔁 It is on its way again."
    await vera.hears("welcome!")
    await anna.sees("Welcome delivered")
    await anna.hears("got the welcome after all")


async def test_who_is_told_by_hand_can_be_sent_the_welcome_after_all(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    await confirmed(anna, booking)
    await anna.opens(f"/booking {booking}", shows="Welcome on hold")

    await anna.press("I told them")

    await anna.sees("an admin told the student directly", "Send it after all")
    await anna.hears("Vera: nothing left to do")
    telegram.open(desk_bot, vera.account.account)
    await anna.press("Send it after all")
    await vera.hears("welcome!")


async def test_the_card_of_a_welcome_that_may_have_arrived_asks_and_knows_that_it_arrived(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    await put(sql, booking, "unknown", "no_answer")
    await anna.opens(f"/booking {booking}", shows="may have arrived")
    await anna.press("Send again")
    await anna.sees("Send it again?", "‹ Back to the booking")
    await anna.press("‹ Back to the booking")

    await anna.press("It arrived")

    await anna.sees("Welcome delivered")
    assert await state_of(sql) == ("sent", None)
    assert not [label for label in anna.buttons if "Send" in label or "told" in label]

    await anna.press("Not sure")

    await anna.sees("may have arrived", "Send again", "It arrived")
    assert await state_of(sql) == ("unknown", "no_answer")


async def test_nothing_can_be_done_about_the_welcome_of_a_cancelled_booking(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=-1)
    await put(sql, booking, "unknown", "no_answer")

    await anna.opens(f"/booking {booking}", shows="may have arrived")

    assert not [label for label in anna.buttons if "Send" in label or "told" in label]
    await anna.press("The welcome ›")
    await anna.sees("For the engineer", "‹ Back to the booking")


async def test_the_card_of_news_that_did_not_arrive_has_the_same_buttons(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    await vera.hears("no bookings")
    vera.block()
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Cancel…")
    await anna.press("Tell the student")
    await anna.sees("✓ Tell the student")
    await anna.press("Yes, cancel it")
    await anna.hears("didn't get the news of the cancellation")
    await anna.opens(f"/booking {booking}", shows="on hold")

    await anna.press("I told them")

    await anna.sees("an admin told the student directly", "Send it after all")


async def test_an_old_button_of_a_card_does_nothing_to_a_welcome_that_was_tried_meanwhile(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    await put(sql, booking, "waiting", "blocked")
    await anna.opens(f"/booking {booking}", shows="on hold")
    await sql.execute("UPDATE booking_desk.outbox SET attempts = 2")

    answer = await anna.press("I told them")

    assert "was changed" in (answer.text or "")
    assert await state_of(sql) == ("waiting", "blocked")


async def test_a_notice_is_acted_on_where_it_stands_and_taken_back_there(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    notice = await confirmed(anna, booking)

    answer = await anna.press("I told them", on=notice)

    assert answer.text == "🗣 Noted: you have told the student."
    await anna.sees("Vera: nothing left to do", "Send it after all")
    assert anna.screen.message_id == notice.message_id
    telegram.open(desk_bot, vera.account.account)
    await anna.press("Send it after all")
    await vera.hears("welcome!")
    await anna.hears("Vera got the welcome after all")


async def test_a_notice_of_what_may_have_arrived_asks_below_it(
    desk: None, anna: Person, vera: Person, telegram: Telegram, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    telegram.faults.add(fault=CutAfter(), method="sendMessage", chat_id=vera.id)
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("may not have received the welcome")
    notice = anna.screen

    await anna.press("Send again", on=notice)

    await anna.sees("Send it again?")
    assert anna.screen.message_id > notice.message_id
    await anna.press("It arrived", on=notice)
    await anna.hears("Vera got the welcome after all")


async def test_everybody_sees_who_writes_to_the_student_and_only_they_take_it_back(
    settings: Settings,
    telegram: Telegram,
    staff: Group,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    async with open_desk(settings.model_copy(update={"staff_chat_id": staff.id})):
        notice = await confirmed(anna, booking)
        await telegram.until(lambda: NOTICE in last(boris, staff).text)

        await anna.press("I'll write", on=notice)

        await anna.sees("✋ Anna writes")
        await telegram.until(lambda: "✋ Anna writes" in labels(last(boris, staff)))
        shared = last(boris, staff)
        answer = await pressed(boris, staff, "✋ Anna writes")
        assert "Этому ученику пишет Anna" in (answer or "")
        assert last(boris, staff).message_id == shared.message_id
        await pressed(anna, staff, "✋ Anna writes")
        await telegram.until(lambda: "✋ I'll write" in labels(last(boris, staff)))
        await anna.sees("✋ I'll write")


def last(person: Person, group: Group) -> ChatMessage:
    return person.account.chat(group)[-1]


def labels(message: ChatMessage) -> list[str]:
    return [button.text for row in message.buttons for button in row]


async def pressed(person: Person, group: Group, label: str) -> str | None:
    """Press a button of the last message in the group; return what is said."""
    message = last(person, group)
    [data] = [
        button.callback_data or ""
        for row in message.buttons
        for button in row
        if button.text == label
    ]
    return (await person.account.press(group, message.message_id, data).answered()).text
