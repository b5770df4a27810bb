"""A student is told of a cancellation or a move, in the words that an admin has seen."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import long_grace, open_desk, short_grace
from tests.support.person import Person
from tests.support.school import MakeBooking

HOSTILE = [
    "<b>Sorry</b> & <a href='tg://user?id=1'>come</a> &amp; again",
    "\u202eمرحبا بكم\u202c, see you in autumn",
    "👨‍👩‍👧 *bold* _it_ `code` ||spoiler||",
    "one\n\ntwo\r\nthree " + "Ж" * 900,
]


@pytest.fixture
def telling(settings: Settings) -> Settings:
    return settings.model_copy(update={"tell_students": True})


@pytest.fixture
async def telling_desk(telling: Settings) -> AsyncIterator[None]:
    async with open_desk(telling):
        yield


@pytest.fixture
def gleb(telegram: Telegram, desk_bot: BotAccount) -> Person:
    """A student who reads Russian."""
    return Person(telegram, desk_bot, telegram.add_person(14, "Глеб", language_code="ru"))


async def states(sql: asyncpg.Connection) -> list[tuple[str, str, str | None]]:
    rows = await sql.fetch(
        "SELECT kind, state, reason FROM booking_desk.outbox WHERE chat_id > 12 ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def test_the_student_reads_of_a_cancellation_what_the_admin_has_seen(
    telling_desk: None, anna: Person, gleb: Person, make_booking: MakeBooking
) -> None:
    gleb.start()
    await gleb.hears("Глеб")
    booking = await make_booking(user_id=gleb.id, first_name="Глеб", confirmed=2)
    await anna.opens(f"/booking {booking}", shows="Confirmed")

    await anna.press("Cancel")
    await anna.sees("Cancel a confirmed booking?", "The student will read:", "✓ Tell the student")
    await anna.sees("Глеб, ваша заявка на #1, north, отменена.")
    await anna.press("Yes, cancel it")

    await gleb.hears("🚫 Глеб, ваша заявка на #1, north, отменена.")
    await anna.sees("Cancelled by Anna", "💌 The student was told")


async def test_the_student_reads_of_a_move_which_stream_it_is_now(
    telling_desk: None, boris: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    await vera.hears("Vera")
    booking = await make_booking(confirmed=2)
    await make_booking(course_stream="south", user_id=15)
    await boris.opens(f"/booking {booking}", shows="Подтверждена")

    await boris.press("Перенести…")
    await boris.sees("Ученик прочитает:", "Your stream is now [the new stream].")
    await boris.press("south")

    await vera.hears("🔀 Vera, your booking for #1 has been moved. Your stream is now south.")
    await boris.sees("💌 Ученику сообщили")


async def test_nobody_is_told_when_the_switch_is_off(
    telling_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    await vera.hears("Vera")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")

    await anna.press("Cancel")
    await anna.press("✓ Tell the student")
    await anna.sees("The student will not be told.")
    assert "✓ Tell the student" not in anna.buttons
    await anna.replies("no receipt", shows="Your words, for the log:\nno receipt")
    await anna.press("Yes, cancel it")
    await anna.sees("Cancelled by Anna", "📝 no receipt", "🔕 The student was not told")

    assert await states(sql) == []
    assert len(vera.inbox) == 1


@pytest.mark.parametrize("words", HOSTILE)
async def test_own_words_arrive_as_they_were_shown(
    telling_desk: None, anna: Person, vera: Person, make_booking: MakeBooking, words: str
) -> None:
    vera.start()
    await vera.hears("Vera")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Cancel")
    await anna.sees("Yes, cancel it")

    await anna.replies(words, shows="The student will read:")
    _, shown = anna.screen.text.split("💬 ")
    shown = shown.removesuffix("\n\nTo add your own words, reply to this message.")
    await anna.press("Yes, cancel it")

    await vera.hears(f"has been cancelled.\n\n💬 {shown}")
    assert shown == words.replace("\u202e", "").replace("\u202c", "").replace("\r", "")


async def test_words_are_written_again_and_only_the_newest_are_sent(
    telling_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    vera.start()
    await vera.hears("Vera")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Cancel")
    await anna.sees("Yes, cancel it")
    first = anna.screen

    await anna.replies("one", shows="💬 one")
    await anna.replies("two", shows="💬 two")
    outdated = await anna.press("Yes, cancel it", on=first)
    await anna.press("Yes, cancel it")

    await vera.hears("💬 two")
    await anna.sees("Cancelled by Anna", "📝 two")
    assert "Your words have changed since" in (outdated.text or "")
    assert not [text for text in vera.inbox if "one" in text]
    await anna.opens(f"/log {booking}", shows="cancelled · ⏳ → 🚫 · 📝 two")
    await anna.opens(f"/booking {booking}", shows="Cancelled")
    await anna.press("Why?")
    await anna.sees("📝 two", "💌 The student was told")


@pytest.mark.parametrize(
    ("words", "refusal"),
    [("Ж" * 4096, "at most 1000 characters"), ("\u200b\u2060", "What should I look for?")],
)
async def test_words_that_cannot_be_sent_are_refused_and_the_question_stays(
    telling_desk: None, anna: Person, make_booking: MakeBooking, words: str, refusal: str
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Cancel")
    await anna.sees("Yes, cancel it")
    question = anna.screen

    await anna.replies(words, shows=refusal)
    await anna.press("Yes, cancel it", on=question)

    await anna.finds(f"/booking {booking}", "Cancelled by Anna")


async def test_a_reply_that_comes_after_another_decision_changes_nothing_and_shows_the_card(
    telling_desk: None, anna: Person, boris: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens("/pending", shows="Vera")
    await anna.press_row(booking)
    await anna.press("Cancel")
    await anna.sees("Yes, cancel it")
    await boris.opens(f"/booking {booking}", shows="Ждёт")
    await boris.press("Подтвердить")
    await boris.hears("Подтверждено: Борис")

    before = len(anna.inbox)
    anna.reply("sorry")
    await anna.hears("was changed in the meantime. Confirmed by Борис")
    await anna.sees("Confirmed by Борис", "🚫 Cancel…")
    await anna.press("‹ Back")
    await anna.sees("Pending")

    assert len(anna.inbox) == before + 2


async def test_an_undone_cancellation_is_never_heard_of(
    telling: Settings,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    undone, told = await make_booking(), await make_booking()
    async with short_grace(telling):
        await vera.hears("Vera")
        await anna.opens(f"/booking {undone}", shows="Pending")
        await anna.cancels()
        await anna.sees("📤 The student is told at", "the student hears nothing before then")
        await anna.press("Undo")
        await anna.sees("Pending", "Undone by Anna")
        await anna.opens(f"/booking {told}", shows="Pending")
        await anna.cancels()
        await vera.hears("has been cancelled")
        await anna.sees("💌 The student was told")

    assert await states(sql) == [("cancelled", "withdrawn", "undone"), ("cancelled", "sent", None)]
    assert len([text for text in vera.inbox if "cancelled" in text]) == 1


async def test_what_a_student_may_know_cannot_be_undone(
    telling: Settings,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    await make_booking(course_stream="south", user_id=15)
    booking = await make_booking()
    async with long_grace(telling):
        await vera.hears("Vera")
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Move")
        await anna.press("south")
        await anna.sees("Undo")
        moved = anna.screen
        await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
        await sql.execute("NOTIFY booking_desk, 'outbox'")
        await vera.hears("Your stream is now south")

        answer = await anna.press("Undo", on=moved)

        assert "It is too late to undo this" in (answer.text or "")
        await anna.sees("💌 The student was told", "To change it, move the booking again")
        assert not [label for label in anna.buttons if "Undo" in label]


async def test_who_cannot_be_told_is_named_with_the_words_and_told_when_they_come(
    telling_desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Cancel")
    await anna.sees("Yes, cancel it")
    await anna.replies("See you in May", shows="💬 See you in May")
    await anna.press("Yes, cancel it")

    await anna.hears(
        "📪 Vera didn't get the news of the cancellation",
        "Vera, your booking for #1, north, has been cancelled. See you in May",
    )
    await anna.finds(f"/booking {booking}", "📪 Message to the student on hold")
    vera.start()
    await vera.hears("has been cancelled.\n\n💬 See you in May")
    await anna.hears("💌 Vera got the news of the cancellation after all")


async def test_nobody_is_told_of_a_decision_that_another_has_overtaken(
    telling_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.cancels()
    await anna.hears("didn't get the news of the cancellation")
    await anna.finds(f"/booking {booking}", "Message to the student on hold")
    await anna.press("Reopen, to decide later")
    await anna.sees("Pending")

    vera.start()
    await vera.hears("Vera")
    await anna.hears("👍 Vera: nothing left to do", "the news of the cancellation")

    assert await states(sql) == [("cancelled", "withdrawn", "settled")]
    assert not [text for text in vera.inbox if "has been cancelled" in text]
