"""The rows of imports: staged, compared with what there is, and their troubles."""

from collections.abc import Iterable, Sequence
from typing import Final

from db.connection import Connection
from db.models.adding.imports import AddedRow, Import, Row, RowResult, Trouble

_RESOLVE: Final = """
    UPDATE booking_desk.import_rows AS row
       SET user_id = known.user_id
      FROM (SELECT lower(name) AS username, min(user_id) AS user_id
              FROM booking_desk.all_names
             WHERE is_username
               AND lower(name) COLLATE "C" IN (SELECT lower(username)
                                                 FROM booking_desk.import_rows
                                                WHERE import_id = $1 AND user_id IS NULL)
             GROUP BY 1 HAVING count(DISTINCT user_id) = 1) AS known
     WHERE row.import_id = $1 AND row.user_id IS NULL AND row.result IS NULL
       AND lower(row.username) = known.username
"""
_UNKNOWN: Final = """
    UPDATE booking_desk.import_rows
       SET result = 'unreadable', problem = 'unknown_username', field = 'username',
           shown = username
     WHERE import_id = $1 AND user_id IS NULL AND result IS NULL
"""
_COURSES: Final = """
    UPDATE booking_desk.import_rows AS row
       SET course_id = known.course_id, course_name = NULL
      FROM (SELECT lower(name) AS name, max(course_id) AS course_id
              FROM booking_desk.courses WHERE name IS NOT NULL GROUP BY 1) AS known
     WHERE row.import_id = $1 AND row.result IS NULL AND lower(row.course_name) = known.name
"""
# A cancelled booking has no twin, and is none.
_TWINS_IN_FILE: Final = """
    UPDATE booking_desk.import_rows AS row
       SET result = 'duplicate', twin_line = first
      FROM (SELECT line, first_value(line) OVER person AS first
              FROM booking_desk.import_rows
             WHERE import_id = $1 AND result IS NULL AND confirmed <> -1
            WINDOW person AS (PARTITION BY user_id, course_id, lower(course_name)
                              ORDER BY line)) AS found
     WHERE row.import_id = $1 AND row.line = found.line AND found.first <> found.line
"""
_TWINS: Final = """
    UPDATE booking_desk.import_rows AS row
       SET result = 'duplicate', twin = found.twin
      FROM (SELECT line, (SELECT max(id) FROM bookings
                           WHERE booking_desk.person_id(bookings.user_id) = mine.user_id
                             AND bookings.confirmed IN (0, 1, 2)
                             AND bookings.course_id IS NOT DISTINCT FROM mine.course_id) AS twin
              FROM booking_desk.import_rows AS mine
             WHERE import_id = $1 AND result IS NULL AND confirmed <> -1
               AND course_name IS NULL {}) AS found
     WHERE row.import_id = $1 AND row.line = found.line AND found.twin IS NOT NULL
    RETURNING row.line
"""


class ImportRowRepository:
    """The table `booking_desk.import_rows`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def clear(self, imported: Import) -> None:
        await self._connection.execute(
            "DELETE FROM booking_desk.import_rows WHERE import_id = $1", imported.id
        )

    async def stage(self, imported: Import, rows: Iterable[Row]) -> None:
        """Add rows of the file."""
        await self._connection.copy_records_to_table(
            "import_rows",
            schema_name="booking_desk",
            columns=["import_id", *Row._fields],
            records=[(imported.id, *row) for row in rows],
        )

    async def compare(self, imported: Import) -> None:
        """Find the people of usernames, the courses of names, and duplicates."""
        for statement in (_RESOLVE, _UNKNOWN, _COURSES, _TWINS_IN_FILE):
            await self._connection.execute(statement, imported.id)
        await self._connection.fetch(_TWINS.format(""), imported.id)

    async def add_twins(self, imported: Import) -> None:
        """Let duplicates be added as well."""
        await self._connection.execute(
            """
            UPDATE booking_desk.import_rows SET result = NULL
             WHERE import_id = $1 AND result = 'duplicate'
            """,
            imported.id,
        )

    async def waiting(self, imported: Import) -> int:
        number: int = await self._connection.fetchval(
            """
            SELECT count(*) FROM booking_desk.import_rows
             WHERE import_id = $1 AND result IS NULL
            """,
            imported.id,
        )
        return number

    async def new_courses(self, imported: Import, *, limit: int) -> Sequence[str]:
        """Return names of courses that there are not yet, among the rows that wait."""
        rows = await self._connection.fetch(
            """
            SELECT course_name FROM booking_desk.import_rows
             WHERE import_id = $1 AND result IS NULL AND course_name IS NOT NULL
             GROUP BY 1 ORDER BY min(line) LIMIT $2
            """,
            imported.id,
            limit,
        )
        return [name for (name,) in rows]

    async def place(self, imported: Import, name: str, course_id: int) -> None:
        """Write the number of a course that was opened."""
        await self._connection.execute(
            """
            UPDATE booking_desk.import_rows SET course_id = $3, course_name = NULL
             WHERE import_id = $1 AND lower(course_name) = lower($2)
            """,
            imported.id,
            name,
            course_id,
        )

    async def refuse_course(self, imported: Import, name: str, reason: str) -> None:
        """Note that the school's table does not take the course."""
        await self._connection.execute(
            """
            UPDATE booking_desk.import_rows SET result = 'refused', problem = $3
             WHERE import_id = $1 AND result IS NULL AND lower(course_name) = lower($2)
            """,
            imported.id,
            name,
            reason,
        )

    async def take(self, imported: Import, *, limit: int) -> Sequence[Row]:
        """Take rows that wait; no other worker gets them until this transaction ends."""
        rows = await self._connection.fetch(
            f"""
            SELECT {", ".join(Row._fields)} FROM booking_desk.import_rows
             WHERE import_id = $1 AND result IS NULL ORDER BY line LIMIT $2
               FOR UPDATE SKIP LOCKED
            """,
            imported.id,
            limit,
        )
        return [Row(*row) for row in rows]

    async def twins(self, imported: Import, rows: Sequence[Row]) -> set[int]:
        """Mark those rows whose booking has come into the table meanwhile; return their lines."""
        among = _TWINS.format("AND line = ANY($2::integer[])")
        found = await self._connection.fetch(among, imported.id, [row.line for row in rows])
        return {line for (line,) in found}

    async def added(self, imported: Import, bookings: Sequence[AddedRow]) -> None:
        """Note which bookings rows have become."""
        await self._connection.execute(
            """
            UPDATE booking_desk.import_rows AS row
               SET result = 'added', booking_id = new.id, revision = new.revision,
                   followed = new.followed
              FROM unnest($2::integer[], $3::bigint[], $4::integer[], $5::boolean[])
                   AS new (line, id, revision, followed)
             WHERE row.import_id = $1 AND row.line = new.line
            """,
            imported.id,
            *([list(column) for column in zip(*bookings, strict=True)] or [[]] * 4),
        )

    async def mark(
        self,
        imported: Import,
        lines: Sequence[int],
        result: RowResult,
        problem: str | None = None,
    ) -> None:
        await self._connection.execute(
            """
            UPDATE booking_desk.import_rows SET result = $3, problem = $4
             WHERE import_id = $1 AND line = ANY($2::integer[])
            """,
            imported.id,
            list(lines),
            result,
            problem,
        )

    async def take_back(self, imported: Import, *, limit: int) -> Sequence[AddedRow]:
        """Take rows that were added, the last ones first."""
        rows = await self._connection.fetch(
            """
            SELECT line, booking_id, revision, followed FROM booking_desk.import_rows
             WHERE import_id = $1 AND result = 'added' ORDER BY line DESC LIMIT $2
               FOR UPDATE SKIP LOCKED
            """,
            imported.id,
            limit,
        )
        return [AddedRow(*row) for row in rows]

    async def troubles(self, imported: Import, *, offset: int, limit: int) -> Sequence[Trouble]:
        """Return the rows that were left out or kept, in the order of the file."""
        rows = await self._connection.fetch(
            """
            SELECT line, result, problem, field, shown, twin_line, twin, booking_id,
                   (SELECT actor_name FROM booking_desk.log
                     WHERE log.booking_id = row.booking_id
                     ORDER BY revision DESC LIMIT 1) AS actor
              FROM booking_desk.import_rows AS row
             WHERE import_id = $1
               AND result IN ('unreadable', 'duplicate', 'refused', 'kept')
             ORDER BY result <> 'kept', line OFFSET $2 LIMIT $3
            """,
            imported.id,
            offset,
            limit,
        )
        return [Trouble(*row)._replace(result=RowResult(row["result"])) for row in rows]
