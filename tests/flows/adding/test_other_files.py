"""Files that are no bookings, or are not imported."""

import asyncpg
import pytest

from simulator import BotAccount
from tests.flows.adding.conftest import Send
from tests.support.person import Person


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"id\n", "a.csv", "column names but no bookings"),
        (b"PK\x03\x04....", "book.xlsx", "workbook or an archive"),
        (b"id\n\x00\n", "a.csv", "line 2: There is something here that is not text"),
        (b'id\n"1\n2\n', "a.txt", "line 2: The quotation marks"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    patient_desk: None, anna: Person, send: Send, content: bytes, name: str, says: str
) -> None:
    await send(content, says, "📄 Import a file", name=name)


async def test_a_picture_is_no_table_and_a_large_file_is_not_fetched(
    patient_desk: None, anna: Person, send: Send, desk_bot: BotAccount, sql: asyncpg.Connection
) -> None:
    await send(b"\x89PNG", "The only files I read are CSV tables", name="receipt.png")
    await send(b"id\n" + b"1" * 20 * 1024**2, "at most 20 MB")
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.imports") == 0


async def test_a_new_file_takes_the_place_of_one_that_was_not_begun(
    patient_desk: None, anna: Person, send: Send, sql: asyncpg.Connection
) -> None:
    await send("id\n101\n", "1 booking can be added")
    begin = anna.button("✅ Add 1").callback_data or ""
    await send("id\n102\n103\n", "2 bookings can be added")

    answer = await anna.forge(begin).answered()
    assert answer.show_alert
    await anna.press("✖️ Don't import")
    await anna.sees("Nothing was added")
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.imports") == 0
    assert await sql.fetchval("SELECT count(*) FROM bookings") == 0
