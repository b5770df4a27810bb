"""What the desk watches of itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.connection import Connection
from db.models.signs import BACKUP, DESK, SPEAKER, Beat, Sign

_SILENT: Final = timedelta(seconds=30)
"""A replica that has not spoken for so long gives the word to another."""


class SignRepository:
    """The table `booking_desk.signs`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def beat(self, replica: UUID) -> Beat:
        """Note that the desk lives; replicas that saw the same gap tell of it by the same key."""
        rows = await self._connection.fetch(
            "SELECT name, well_at FROM booking_desk.signs WHERE name IN ($1, $2)", DESK, SPEAKER
        )
        before = {row["name"]: row["well_at"] for row in rows}
        now = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.signs AS sign (name, well_at) VALUES ($1, now())
            ON CONFLICT (name) DO UPDATE SET well_at = greatest(sign.well_at, excluded.well_at)
            RETURNING well_at
            """,
            DESK,
        )
        speaks = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.signs AS sign (name, well_at, replica) VALUES ($1, now(), $2)
            ON CONFLICT (name) DO UPDATE
               SET well_at = excluded.well_at, replica = excluded.replica
             WHERE sign.replica = excluded.replica OR sign.well_at < now() - $3::interval
            RETURNING true
            """,
            *(SPEAKER, replica, _SILENT),
        )
        return Beat(
            now=now, before=before.get(DESK), speaks=speaks is True, spoke=before.get(SPEAKER)
        )

    async def leave(self) -> None:
        """Note that a replica ends because it is told to; another one that lives beats again."""
        await self._connection.execute("DELETE FROM booking_desk.signs WHERE name = $1", DESK)

    async def begin_anew(self) -> None:
        """Take the signs for well, because nobody has looked at them for a while."""
        await self._connection.execute(
            """
            UPDATE booking_desk.signs SET well_at = now()
             WHERE alarmed_at IS NULL AND name <> ALL($1)
            """,
            [BACKUP, SPEAKER],
        )

    async def see(self, seen: Mapping[str, bool]) -> Sequence[Sign]:
        """Note which signs this replica sees well, and forget those it does not know."""
        await self._connection.execute(
            "DELETE FROM booking_desk.signs WHERE name <> ALL($1)", [DESK, SPEAKER, BACKUP, *seen]
        )
        await self._connection.execute(
            """
            INSERT INTO booking_desk.signs (name, well_at) SELECT unnest($1::text[]), now()
            ON CONFLICT (name) DO NOTHING
            """,
            list(seen),
        )
        rows = await self._connection.fetch(
            """
            UPDATE booking_desk.signs AS sign
               SET well_at = CASE WHEN is_well THEN now() ELSE well_at END
              FROM unnest($1::text[], $2::boolean[]) AS seen (name, is_well)
             WHERE sign.name = seen.name
            RETURNING sign.name, well_at, now() - well_at AS unwell_for, alarmed_at
            """,
            list(seen),
            list(seen.values()),
        )
        return [Sign(**row) for row in rows]

    async def alarmed(self) -> Sequence[Sign]:
        """Return the signs that the staff knows not to be well."""
        rows = await self._connection.fetch(
            """
            SELECT name, well_at, now() - well_at AS unwell_for, alarmed_at
              FROM booking_desk.signs WHERE alarmed_at IS NOT NULL ORDER BY name
            """
        )
        return [Sign(**row) for row in rows]

    async def migrations(self) -> int:
        """Return how many migrations the database has."""
        number: int = await self._connection.fetchval(
            "SELECT count(*) FROM booking_desk.migrations"
        )
        return number

    async def note_backup(self, at: datetime) -> None:
        """Note that there is a backup of what the database was at this moment."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.signs AS sign (name, well_at) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET well_at = greatest(sign.well_at, excluded.well_at)
            """,
            *(BACKUP, at),
        )

    async def last_backup(self) -> datetime | None:
        """Return of what moment the newest backup is; None if nobody has noted one."""
        moment: datetime | None = await self._connection.fetchval(
            "SELECT well_at FROM booking_desk.signs WHERE name = $1", BACKUP
        )
        return moment

    async def raise_alarm(self, sign: Sign) -> None:
        """Note that the staff is told since when the sign has not been well."""
        await self._connection.execute(
            "UPDATE booking_desk.signs SET alarmed_at = well_at WHERE name = $1", sign.name
        )

    async def end_alarm(self, sign: Sign) -> None:
        await self._connection.execute(
            "UPDATE booking_desk.signs SET alarmed_at = NULL WHERE name = $1", sign.name
        )
