"""New courses, numbered as the school numbers them."""

from typing import Final

from db.adding.refusals import taken_by_school
from db.connection import Connection
from db.errors import RowRefused

# The school's own table has one of two shapes; see db/streams.py.
_SHAPES: Final = (("course_id", "course_name"), ("id", "name"))
_TRIES: Final = 100


class CourseRepository:
    """The school's table `courses`, and the desk's `booking_desk.courses`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def called(self, name: str) -> int | None:
        """Return the newest course with exactly this name; case does not matter."""
        number: int | None = await self._connection.fetchval(
            """
            SELECT max(course_id) FROM booking_desk.courses WHERE lower(name) = lower($1)
            """,
            name,
        )
        return number

    async def open(self, name: str) -> int:
        """Return the number of the course with this name, which is there afterwards.

        Raises:
            RowRefused: the school's table does not take it; nothing is changed.
        """
        # Two admins may name the same course at the same moment.
        await self._connection.execute(
            "LOCK TABLE booking_desk.courses IN SHARE ROW EXCLUSIVE MODE"
        )
        known = await self.called(name)
        if known is not None:
            return known
        async with taken_by_school(self._connection):
            number = await self._add(name)
        await self._connection.execute(
            """
            INSERT INTO booking_desk.courses (course_id, name) VALUES ($1, $2)
            ON CONFLICT (course_id) DO UPDATE SET name = excluded.name
            """,
            number,
            name,
        )
        return number

    async def _add(self, name: str) -> int:
        """Add the course to the school's table, if there is one; return its number."""
        rows = await self._connection.fetch(
            """
            SELECT attname::text, atthasdef OR attidentity <> '' AS numbers_itself
              FROM pg_attribute
             WHERE attrelid = to_regclass('courses') AND attnum > 0 AND NOT attisdropped
               AND (attname IN ('course_name', 'name')
                    OR atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype,
                                    'numeric'::regtype))
            """
        )
        columns = dict(rows)
        for number, title in _SHAPES:
            if number in columns and title in columns:
                return await self._insert(number, title, name, itself=columns[number])
        return await self._next("max(course_id)", "booking_desk.courses")

    async def _insert(self, number: str, title: str, name: str, *, itself: bool) -> int:
        if itself:
            return await self._insert_numbered(number, title, name)
        free = await self._next(f"max(booking_desk.whole({number}))", "courses")
        await self._connection.execute(
            f"INSERT INTO courses ({number}, {title}) VALUES ($1::integer, $2::text)", free, name
        )
        return free

    async def _insert_numbered(self, number: str, title: str, name: str) -> int:
        # The sequence lags behind where a school has numbered courses by hand.
        for _ in range(_TRIES):
            added: int | None = await self._connection.fetchval(
                f"""
                INSERT INTO courses ({title}) VALUES ($1::text)
                ON CONFLICT DO NOTHING
                RETURNING {number}::integer
                """,
                name,
            )
            if added is not None:
                return added
        raise RowRefused("the numbers of new courses are taken")

    async def _next(self, highest: str, table: str) -> int:
        """Return a number above those of all courses."""
        number: int = await self._connection.fetchval(
            f"""
            SELECT 1 + greatest((SELECT {highest} FROM {table}), 0,
                                (SELECT max(course_id) FROM booking_desk.courses))
            """
        )
        return number
