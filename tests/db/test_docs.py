"""The SQL that the pages tell the reader to run."""

import re
from pathlib import Path

import asyncpg
import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))
BLOCKS = [
    block
    for page in PAGES
    for block in re.findall(r"^```sql\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
]


@pytest.mark.parametrize("block", BLOCKS)
async def test_the_statements_of_a_page_run(sql: asyncpg.Connection, block: str) -> None:
    await sql.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
    await sql.execute(block)


async def test_a_stream_is_named_and_closed_as_the_page_says(
    sql: asyncpg.Connection,
) -> None:
    [block] = [block for block in BLOCKS if "streams" in block]
    await sql.execute(
        """
        INSERT INTO bookings (user_id, course_id, course_stream, confirmed)
        VALUES (13, 1, '7th_stream', 1), (13, 1, '3rd_stream', 1)
        """
    )

    await sql.execute(block)

    rows = await sql.fetch("SELECT code, name, is_open FROM booking_desk.streams ORDER BY code")
    assert [tuple(row) for row in rows] == [
        ("3rd_stream", None, False),
        ("7th_stream", "North, autumn", True),
    ]
