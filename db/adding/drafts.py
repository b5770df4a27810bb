"""Drafts: bookings that admins are about to add by hand."""

from datetime import timedelta

from db.connection import Connection, Record
from db.models.adding.drafts import TYPED, Draft, DraftField
from db.models.audit import Actor

_COLUMNS = """
    id, revision, asks, user_id, username, first_name, course_id, course_name, course_stream,
    confirmed, booking_id
"""


class DraftRepository:
    """The table `booking_desk.drafts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def begin(self, by: Actor) -> Draft:
        """Return a new draft of the admin; an older one is dropped."""
        await self._connection.execute(
            "DELETE FROM booking_desk.drafts WHERE actor_id = $1", by.id
        )
        row = await self._connection.fetchrow(
            f"""
            INSERT INTO booking_desk.drafts (actor_id, asks) VALUES ($1, 'person')
            RETURNING {_COLUMNS}
            """,
            by.id,
        )
        return _draft(row)

    async def lock(self, draft_id: int, *, by: Actor) -> Draft | None:
        """Return the draft if it is the admin's, and lock it until this transaction ends."""
        row = await self._connection.fetchrow(
            f"""
            SELECT {_COLUMNS} FROM booking_desk.drafts
             WHERE id = $1::bigint AND actor_id = $2 FOR UPDATE
            """,
            draft_id,
            by.id,
        )
        return _draft(row) if row else None

    async def waiting(self, by: Actor, *, within: timedelta) -> int | None:
        """Return the admin's draft that asks for a message, if it has asked `within` this time."""
        number: int | None = await self._connection.fetchval(
            """
            SELECT id FROM booking_desk.drafts
             WHERE actor_id = $1 AND asks = ANY($2::text[])
               AND changed_at > now() - $3::interval
            """,
            by.id,
            list(TYPED),
            within,
        )
        return number

    async def save(self, draft: Draft) -> Draft:
        """Write the draft; return it with its next revision."""
        row = await self._connection.fetchrow(
            f"""
            UPDATE booking_desk.drafts
               SET revision = revision + 1, changed_at = now(), asks = $2, user_id = $3,
                   username = $4, first_name = $5, course_id = $6, course_name = $7,
                   course_stream = $8, confirmed = $9, booking_id = $10
             WHERE id = $1
            RETURNING {_COLUMNS}
            """,
            draft.id,
            draft.asks,
            draft.user_id,
            draft.username,
            draft.first_name,
            draft.course_id,
            draft.course_name,
            draft.course_stream,
            draft.confirmed,
            draft.booking_id,
        )
        return _draft(row)

    async def drop(self, draft: Draft) -> None:
        await self._connection.execute("DELETE FROM booking_desk.drafts WHERE id = $1", draft.id)

    async def forget(self, age: timedelta) -> None:
        """Delete the drafts that nobody has touched for so long."""
        await self._connection.execute(
            "DELETE FROM booking_desk.drafts WHERE changed_at < now() - $1::interval", age
        )


def _draft(row: Record) -> Draft:
    asks = row["asks"]
    return Draft(**{**row, "asks": None if asks is None else DraftField(asks)})
