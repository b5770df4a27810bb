"""/outbox: sending a whole group again."""

import asyncpg
import pytest

from tests.support.outbox import put, state_of
from tests.support.person import Person
from tests.support.school import MakeBooking


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

    assert answer.text == "The number of messages has changed. Open the list again."
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
