"""Imports: files of bookings, from their reading to their undo."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final

import orjson

from db.adding.import_rows import ImportRowRepository
from db.adding.import_values import COLUMNS, COUNTED, import_of
from db.connection import Connection
from db.models.adding.imports import (
    Field,
    FileProblem,
    Import,
    ImportState,
    Layout,
    Underway,
)
from db.models.audit import Actor


class ImportRepository:
    """The table `booking_desk.imports`; `rows` is that of their rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.rows: Final = ImportRowRepository(connection)

    async def receive(
        self,
        content: bytes,
        file_name: str,
        *,
        by: Actor,
        chat_id: int,
        message_id: int,
        language: str,
    ) -> None:
        """Keep a file to read; older files of the admin that were not begun are dropped."""
        await self._connection.execute(
            """
            DELETE FROM booking_desk.imports
             WHERE actor_id = $1 AND state IN ('reading', 'refused', 'planned')
            """,
            by.id,
        )
        await self._connection.execute(
            """
            INSERT INTO booking_desk.imports
                   (actor_id, actor_name, file_name, content, chat_id, message_id, language)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            by.id,
            by.name,
            file_name,
            content,
            chat_id,
            message_id,
            language,
        )
        await self.wake()

    async def get(self, import_id: int) -> Import | None:
        row = await self._connection.fetchrow(f"{COUNTED} WHERE id = $1::bigint", import_id)
        return import_of(row) if row else None

    async def lock(self, import_id: int) -> Import | None:
        """Return the import without its counts, and lock it until this transaction ends."""
        row = await self._connection.fetchrow(
            f"SELECT {COLUMNS} FROM booking_desk.imports WHERE id = $1::bigint FOR UPDATE",
            import_id,
        )
        return import_of(row) if row else None

    async def working(self) -> Import | None:
        """Return the oldest import that has something to do."""
        row = await self._connection.fetchrow(
            f"""
            SELECT {COLUMNS} FROM booking_desk.imports
             WHERE state IN ('reading', 'running', 'undoing') ORDER BY id LIMIT 1
            """
        )
        return import_of(row) if row else None

    async def underway(self) -> Underway | None:
        """Return the oldest import of which only a part is in the lists."""
        row = await self._connection.fetchrow(
            """
            SELECT actor_name, state, added, total FROM booking_desk.imports
             WHERE state IN ('running', 'stopped', 'undoing') ORDER BY id LIMIT 1
            """
        )
        if row is None:
            return None
        return Underway(
            by=row["actor_name"],
            state=ImportState(row["state"]),
            added=row["added"],
            total=row["total"],
        )

    async def content(self, imported: Import) -> bytes | None:
        """Return the file, and count the reading; None if it is not to be read any more."""
        content: bytes | None = await self._connection.fetchval(
            """
            UPDATE booking_desk.imports SET readings = readings + 1
             WHERE id = $1 AND state = 'reading' AND revision = $2
            RETURNING content
            """,
            imported.id,
            imported.revision,
        )
        return content

    async def readings(self, imported: Import) -> int:
        """Return how often a reading of this revision was begun."""
        number: int = await self._connection.fetchval(
            "SELECT coalesce(max(readings), 0) FROM booking_desk.imports WHERE id = $1",
            imported.id,
        )
        return number

    async def claim(self, imported: Import) -> bool:
        """Let no other worker read the file until this transaction ends; False if one does."""
        ours: bool = await self._connection.fetchval(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('booking-desk reads ' || $1, 0))",
            str(imported.id),
        )
        return ours

    async def refuse(self, imported: Import, problem: FileProblem, line: int | None) -> None:
        """Note that the file cannot be read, and drop it."""
        await self._connection.execute(
            """
            UPDATE booking_desk.imports
               SET state = 'refused', problem = $3, problem_line = $4, content = NULL
             WHERE id = $1 AND state = 'reading' AND revision = $2
            """,
            imported.id,
            imported.revision,
            problem,
            line,
        )

    async def plan(self, imported: Import, layout: Layout, columns: Mapping[Field, int]) -> bool:
        """Note that the file was read so; this transaction has staged its rows.

        Returns:
            False if the admin wants something else by now; the rows are staged anew then.
        """
        planned: int | None = await self._connection.fetchval(
            """
            UPDATE booking_desk.imports
               SET state = 'planned', readings = 0, layout = $3::jsonb, columns = $4::jsonb
             WHERE id = $1 AND state = 'reading' AND revision = $2
            RETURNING id
            """,
            imported.id,
            imported.revision,
            orjson.dumps(asdict(layout)).decode(),
            _json(columns),
        )
        return planned is not None

    async def change(
        self,
        imported: Import,
        *,
        columns: Mapping[Field, int],
        welcomes: bool,
        twins: bool,
    ) -> None:
        """Write the admin's choices; other columns have the file read anew."""
        again = dict(columns) != dict(imported.columns)
        await self._connection.execute(
            """
            UPDATE booking_desk.imports
               SET columns = $2::jsonb, welcomes = $3, twins = $4, revision = revision + 1,
                   state = CASE WHEN $5 THEN 'reading' ELSE state END
             WHERE id = $1
            """,
            imported.id,
            _json(columns),
            welcomes,
            twins,
            again,
        )
        if again:
            await self.wake()

    async def move_on(
        self, imported: Import, state: ImportState, *, by: Actor | None = None
    ) -> None:
        """Change the state, and wake the workers; `by` is who undoes it."""
        await self._connection.execute(
            """
            UPDATE booking_desk.imports
               SET state = $2, content = NULL, undone_by = $3, undone_name = $4
             WHERE id = $1
            """,
            imported.id,
            state,
            by and by.id,
            by and by.name,
        )
        await self.wake()

    async def expect(self, imported: Import, total: int) -> None:
        """Note how many rows are to be added."""
        await self._connection.execute(
            "UPDATE booking_desk.imports SET total = $2 WHERE id = $1", imported.id, total
        )

    async def state(self, imported: Import) -> ImportState | None:
        """Return how far it has come by now."""
        state: str | None = await self._connection.fetchval(
            "SELECT state FROM booking_desk.imports WHERE id = $1", imported.id
        )
        return None if state is None else ImportState(state)

    async def count(self, imported: Import, added: int) -> bool:
        """Note that there are so many bookings more in the lists, or fewer.

        Returns:
            False if it has been stopped meanwhile; this transaction must change nothing.
        """
        counted: int | None = await self._connection.fetchval(
            """
            UPDATE booking_desk.imports SET added = added + $2
             WHERE id = $1 AND state = $3 RETURNING id
            """,
            imported.id,
            added,
            imported.state,
        )
        return counted is not None

    async def finish(
        self, imported: Import, state: ImportState, *, undo: timedelta, grace: timedelta
    ) -> None:
        """End it if it is as it was; its welcomes leave after `grace`.

        It is done, or undone, only if no row is left.
        """
        await self._connection.execute(
            """
            WITH ended AS (
                UPDATE booking_desk.imports AS import
                   SET state = $3, undo_until = clock_timestamp() + $4::interval
                 WHERE id = $1 AND state = $2
                   AND ($3 = 'stopped'
                        OR NOT EXISTS (SELECT FROM booking_desk.import_rows
                                        WHERE import_id = $1
                                          AND CASE WHEN $2 = 'undoing' THEN result = 'added'
                                                   ELSE result IS NULL END))
                RETURNING id, welcomes
            )
            UPDATE booking_desk.outbox AS message
               SET due_at = clock_timestamp() + $5::interval
              FROM ended JOIN booking_desk.import_rows AS row ON row.import_id = ended.id
             WHERE ended.welcomes
               AND message.booking_id = row.booking_id
               AND message.revision = row.revision
               AND message.state = 'queued'
               AND row.result IN ('added', 'kept')
            """,
            imported.id,
            imported.state,
            state,
            undo,
            grace,
        )

    async def drop(self, imported: Import) -> None:
        await self._connection.execute(
            "DELETE FROM booking_desk.imports WHERE id = $1", imported.id
        )

    async def wake(self) -> None:
        """Wake the workers when this transaction commits."""
        await self._connection.execute("SELECT pg_notify('booking_desk', 'import')")

    async def forget(self, age: timedelta) -> None:
        """Delete what was sent so long ago, with the persons in it."""
        await self._connection.execute(
            """
            DELETE FROM booking_desk.imports
             WHERE created_at < now() - $1::interval
               AND state NOT IN ('running', 'stopped', 'undoing')
            """,
            age,
        )


def _json(columns: Mapping[Field, int]) -> str:
    return orjson.dumps({field.value: number for field, number in columns.items()}).decode()
