"""Courses and streams: their names, and which streams are open."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.connection import Connection
from db.models.streams import Stream

# The school's own table has one of two shapes, which its columns tell apart.
_SHAPES: Final = (("course_id", "course_name"), ("id", "name"))
_NUMBERS: Final = {"smallint", "integer", "bigint", "numeric"}


class StreamRepository:
    """The tables `booking_desk.streams` and `booking_desk.courses`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def hold(self, stream_id: int) -> Stream | None:
        """Return the stream, and lock it against changes until this transaction ends."""
        row = await self._connection.fetchrow(
            """
            SELECT id, course_id, code, name, is_open
              FROM booking_desk.streams
             WHERE id = $1::bigint
               FOR SHARE
            """,
            stream_id,
        )
        return Stream(**row) if row else None

    async def open_of(
        self, course_id: int | None, *, beside: str | None = None
    ) -> Sequence[Stream]:
        """Return the open streams of the course except the code `beside`, newest first."""
        rows = await self._connection.fetch(
            """
            SELECT id, course_id, code, name, is_open
              FROM booking_desk.streams
             WHERE course_id = $1 AND is_open AND code IS DISTINCT FROM $2
             ORDER BY id DESC
            """,
            course_id,
            beside,
        )
        return [Stream(**row) for row in rows]

    async def get(self, stream_id: int) -> Stream | None:
        row = await self._connection.fetchrow(
            """
            SELECT id, course_id, code, name, is_open
              FROM booking_desk.streams WHERE id = $1::bigint
            """,
            stream_id,
        )
        return Stream(**row) if row else None

    async def newest(
        self, course_id: int | None, *, offset: int, limit: int
    ) -> Mapping[int, tuple[str, str]]:
        """Return names and codes of the newest streams by id, maybe of one course.

        Streams of several courses with the same code count as one, with their name if it is the
        same, otherwise with the code as the name.
        """
        rows = await self._connection.fetch(
            """
            SELECT max(id) AS id, code,
                   CASE WHEN min(name) = max(name) THEN min(name) ELSE code END AS name
              FROM booking_desk.streams
             WHERE course_id = coalesce($1, course_id)
             GROUP BY code
             ORDER BY 1 DESC
            OFFSET $2
             LIMIT $3
            """,
            course_id,
            offset,
            limit,
        )
        return {row["id"]: (row["name"], row["code"]) for row in rows}

    async def name(self, code: str, course_id: int | None) -> str | None:
        """Return the name of the streams with this code, if they all have the same name."""
        name: str | None = await self._connection.fetchval(
            """
            SELECT min(name)
              FROM booking_desk.streams
             WHERE code = $1 AND course_id = coalesce($2, course_id)
            HAVING min(name) = max(name)
            """,
            code,
            course_id,
        )
        return name

    async def called(self, text: str) -> Sequence[str]:
        """Return the codes of the streams that a text may mean, the newest first.

        It may be the code, or else the ordinal, or else the name, or else a part of the name or
        the beginning of the code; a number is never such a part or beginning.
        """
        rows = await self._connection.fetch(
            """
            WITH meant AS (
                SELECT code, max(id) AS id,
                       min(CASE lower($1) WHEN lower(code) THEN 1
                                          WHEN substring(code FROM '^[0-9]+') THEN 2
                                          WHEN lower(name) THEN 3
                                          ELSE 4 END) AS rank
                  FROM booking_desk.streams
                 WHERE lower($1) IN (lower(code), substring(code FROM '^[0-9]+'))
                    OR $1 !~ '^[0-9]*$' AND (strpos(lower(name), lower($1)) > 0
                                             OR starts_with(lower(code), lower($1)))
                 GROUP BY code
            )
            SELECT code FROM meant WHERE rank = (SELECT min(rank) FROM meant) ORDER BY id DESC
            """,
            text,
        )
        return [row["code"] for row in rows]

    async def courses(self, *, offset: int, limit: int) -> Mapping[int, str]:
        """Return the names of the newest courses, by id."""
        rows = await self._connection.fetch(
            """
            SELECT course_id, coalesce(name, '#' || course_id) AS name
              FROM booking_desk.courses ORDER BY course_id DESC OFFSET $1 LIMIT $2
            """,
            offset,
            limit,
        )
        return {row["course_id"]: row["name"] for row in rows}

    async def courses_called(self, text: str) -> Sequence[int]:
        """Return the courses that a text may mean, the newest first.

        It may be the number, or else the name, or else a part of the name.
        """
        rows = await self._connection.fetch(
            """
            WITH meant AS (
                SELECT course_id,
                       CASE WHEN course_id::text = $1 THEN 1
                            WHEN lower(name) = lower($1) THEN 2
                            ELSE 3 END AS rank
                  FROM booking_desk.courses
                 WHERE course_id::text = $1 OR strpos(lower(name), lower($1)) > 0
            )
            SELECT course_id FROM meant WHERE rank = (SELECT min(rank) FROM meant)
             ORDER BY course_id DESC
            """,
            text,
        )
        return [row["course_id"] for row in rows]

    async def course_name(self, course_id: int) -> str | None:
        name: str | None = await self._connection.fetchval(
            "SELECT name FROM booking_desk.courses WHERE course_id = $1", course_id
        )
        return name

    async def learn_from_courses(self) -> None:
        """Copy the names and streams from the school's own `courses` table, in either shape."""
        rows = await self._connection.fetch(
            """
            SELECT attname, format_type(atttypid, NULL)
              FROM pg_attribute
             WHERE attrelid = to_regclass('courses') AND attnum > 0 AND NOT attisdropped
               AND has_column_privilege(attrelid, attnum, 'SELECT')
            """
        )
        types = dict(rows)
        for number, name in _SHAPES:
            if types.get(number) in _NUMBERS and name in types:
                await self._learn_names(number, name)
                break
        if types.get("course_id") in _NUMBERS and "course_stream" in types:
            await self._learn_current_streams()

    async def _learn_names(self, number: str, name: str) -> None:
        await self._connection.execute(
            f"""
            INSERT INTO booking_desk.courses AS known (course_id, name)
            SELECT DISTINCT ON (1) booking_desk.whole({number}), {name}::text
              FROM courses
             WHERE booking_desk.whole({number}) IS NOT NULL
             ORDER BY 1, 2
            ON CONFLICT (course_id) DO UPDATE
               SET name = excluded.name
             WHERE known.name IS DISTINCT FROM excluded.name
            """
        )

    async def _learn_current_streams(self) -> None:
        await self._connection.execute(
            """
            INSERT INTO booking_desk.streams (course_id, code)
            SELECT DISTINCT booking_desk.whole(course_id), course_stream::text
              FROM courses AS told
             WHERE booking_desk.whole(course_id) IS NOT NULL AND course_stream IS NOT NULL
               AND NOT EXISTS (SELECT FROM booking_desk.streams AS known
                                WHERE known.course_id = told.course_id
                                  AND known.code = told.course_stream::text)
            ON CONFLICT DO NOTHING
            """
        )
