"""The newest bookings, as the school's old dashboard lists them."""

from functools import partial
from typing import Final

from benchmarks.rivals.comparing import Answers, section
from benchmarks.schools.school import School
from benchmarks.support.reports import Section
from db.database import Database
from db.models.lists import START
from tests.support.databases import connected

_LISTED: Final = 20
_UNINDEXED: Final = "old_bookings"
"""A copy of the bookings without an index for lists, like a school's own table."""
_COPY: Final = f"CREATE TABLE {_UNINDEXED} AS SELECT * FROM bookings"
_NEWEST: Final = """
    SELECT id, user_id, username, first_name, course_id, course_stream, confirmed, created_at,
           referral_code, discount_percent
      FROM {}
     ORDER BY created_at DESC
     LIMIT $1
"""
_NOTE: Final = f"""\
The queries alone. These {_LISTED} are all that the dashboard lists, and what its filters look \
through.
All is on one core: on two, PostgreSQL reads a whole table in parallel, in about half the time."""


async def measure(school: School, rounds: int) -> Section:
    """Read the newest bookings as the desk does, and as the dashboard does."""
    async with (
        Database.connect(school.dsn, connections=2) as db,
        connected(school.dsn) as sql,
    ):
        await sql.execute(_COPY)
        await sql.execute(f"VACUUM (ANALYZE) {_UNINDEXED}")
        operations = {
            "the desk": partial(_page, db),
            "the dashboard": partial(sql.fetch, _NEWEST.format(_UNINDEXED), _LISTED),
            "the dashboard, given an index": partial(
                sql.fetch, _NEWEST.format("bookings"), _LISTED
            ),
        }
        answers = await Answers.to("the newest", operations, rounds)
    title = f"The old dashboard: the newest {_LISTED} of {school.bookings:,} bookings"
    return section(title, [answers], _NOTE)


async def _page(db: Database) -> None:
    async with db.snapshot() as uow:
        await uow.bookings.page(None, START, newest_first=True, limit=_LISTED)
