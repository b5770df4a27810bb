"""What is on the screen is what was pressed last, whatever held up an earlier press."""

import asyncpg
import pytest

from simulator import Telegram, TooManyRequests
from tests.support.person import Person
from tests.support.school import MakeBooking


@pytest.fixture
async def rows(desk: None, anna: Person, vera: Person, make_booking: MakeBooking) -> list[int]:
    """The bookings of a list that Anna looks at."""
    vera.start()
    made = [await make_booking(first_name=name) for name in ("Olga", "Vera")]
    await anna.opens("/pending", shows="2 bookings")
    return made


async def test_a_press_that_telegram_held_up_is_not_drawn_over_a_newer_one(
    anna: Person, telegram: Telegram, rows: list[int]
) -> None:
    older, newer = map(anna.row, rows)
    telegram.faults.add(fault=TooManyRequests(1), method="editMessageText")
    anna.forge(older)
    await telegram.until(lambda: any(call.status == 429 for call in telegram.calls))

    anna.forge(newer)

    await anna.sees(f"Booking #{rows[1]}")
    edits = [call for call in telegram.calls if call.method == "editMessageText"]
    assert [call.status for call in edits] == [429, 200]


async def test_a_press_that_a_lock_held_up_decides_and_is_not_drawn_over_a_newer_one(
    anna: Person, sql: asyncpg.Connection, telegram: Telegram, rows: list[int]
) -> None:
    newer = anna.row(rows[1])
    await anna.press_row(rows[0])
    await anna.sees(f"Booking #{rows[0]}", "Confirm")
    async with sql.transaction():
        await sql.execute("SELECT FROM bookings WHERE id = $1 FOR UPDATE", rows[0])
        older = anna.tap("Confirm")
        await anna.forge(newer).answered()
        await anna.sees(f"Booking #{rows[1]}")

    assert "is confirmed" in ((await older.answered()).text or "")
    await anna.sees(f"Booking #{rows[1]}")
    drawn = [call for call in telegram.calls if call.method == "editMessageText"]
    assert f"#{rows[1]}" in str(drawn[-1].parameters["text"])
