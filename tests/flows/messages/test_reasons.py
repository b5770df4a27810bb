"""The school's reasons for a cancellation: a list that admins edit, one tap each."""

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_one_tap_cancels_with_a_reason_that_each_reads_in_their_language(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
) -> None:
    account = telegram.add_person(14, "Глеб", language_code="ru")
    gleb = Person(telegram, desk_bot, account)
    booking = await make_booking(user_id=gleb.id, first_name="Глеб")
    async with open_desk(settings.model_copy(update={"tell_students": True})):
        gleb.start()
        await gleb.hears("Глеб")
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Cancel")
        await anna.sees("the student reads it, too")

        await anna.press("There are no places left.")

        await gleb.hears("отменена.\n\n💬 Свободных мест не осталось.")
        await anna.sees("Cancelled by Anna", "📝 There are no places left.")
    assert len(gleb.inbox) == 2


async def test_a_reason_that_nobody_is_told_stays_in_the_log(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    await boris.opens("/review", shows="Vera")
    await boris.press("Отменить…")
    await boris.sees("останется в журнале")

    await boris.press("По вашей просьбе.")
    await boris.misses("По вашей просьбе.")

    await anna.finds(f"/log {booking}", "📝 You asked us to.")
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.outbox") == 0


@pytest.mark.parametrize(
    ("words", "english", "russian"),
    [
        ("<b>Full</b> & more\n\n<i>Мест</i> нет", "<b>Full</b> & more", "<i>Мест</i> нет"),
        ("\u202eمغلق\n\u200bЗакрыто 🎉", "\u2068مغلق\u2069", "Закрыто 🎉"),
        ("Closed", "Closed", "Closed"),
        ("One\nДва\nlast", "One", "Два"),
    ],
)
async def test_a_reply_adds_a_reason_in_both_languages(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    words: str,
    english: str,
    russian: str,
) -> None:
    booking = await make_booking()
    await anna.opens("/reasons", shows="1. The payment has not arrived. · Мы не получили оплату.")

    await anna.replies(words, shows=f"5. {english}")
    await boris.opens(f"/booking {booking}", shows="Ждёт")
    await boris.press("Отменить…")
    await boris.press(russian)

    await boris.sees("Отменена", f"📝 {russian}")
    await anna.finds(f"/booking {booking}", f"📝 {english}")


async def test_a_reason_is_taken_off_the_list_and_put_back(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Cancel")
    await anna.sees("You asked us to.")
    drawn_before = anna.screen
    await anna.opens("/reasons", shows="3. You asked us to.")

    await anna.press("✖️ You asked us to.")
    await anna.sees("Taken off the list: You asked us to.")
    assert "✖️ You asked us to." not in anna.buttons
    await anna.press("Put it back")
    await anna.sees("3. You asked us to.")
    await anna.press("✖️ You asked us to.")
    await anna.sees("Taken off the list")

    await anna.press("You asked us to.", on=drawn_before)
    await anna.finds(f"/booking {booking}", "📝 You asked us to.")


async def test_a_full_list_and_a_reason_that_is_too_long_are_refused(
    desk: None, anna: Person
) -> None:
    await anna.opens("/reasons", shows="Reasons for a cancellation")
    for words in ("Five", "Six", "Seven", "Eight"):
        await anna.replies(words, shows=words)
    await anna.press("✖️ Eight")
    await anna.sees("Taken off the list: Eight")
    removed = anna.screen

    await anna.replies("Ж" * 201, shows="at most 200 characters")
    await anna.opens("/reasons", shows="7. Seven")
    await anna.replies("Nine", shows="8. Nine")
    answer = await anna.press("Put it back", on=removed)
    await anna.replies("Ten", shows="There are 8 already")

    assert "There are 8 already" in (answer.text or "")
