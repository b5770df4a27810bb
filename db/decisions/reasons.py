"""The school's reasons for a cancellation."""

import json
from collections.abc import Sequence

from db.connection import Connection, Record
from db.models.audit import Actor, Remark
from db.models.decisions.reasons import Reason


class ReasonRepository:
    """The table `booking_desk.reasons`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def listed(self) -> Sequence[Reason]:
        """Return the reasons on the list, in the order in which they were added."""
        rows = await self._connection.fetch(
            "SELECT id, texts FROM booking_desk.reasons WHERE listed ORDER BY id"
        )
        return [_reason(row) for row in rows]

    async def get(self, reason_id: int) -> Reason | None:
        """Return the reason, whether it is on the list or not."""
        row = await self._connection.fetchrow(
            "SELECT id, texts FROM booking_desk.reasons WHERE id = $1::bigint", reason_id
        )
        return _reason(row) if row else None

    async def lock(self) -> None:
        """Let nobody else change the list until this transaction ends."""
        await self._connection.execute(
            "LOCK TABLE booking_desk.reasons IN SHARE ROW EXCLUSIVE MODE"
        )

    async def add(self, remark: Remark, *, by: Actor) -> None:
        await self._connection.execute(
            "INSERT INTO booking_desk.reasons (texts, added_by) VALUES ($1, $2)",
            json.dumps(dict(remark.texts)),
            by.id,
        )

    async def list_again(self, reason_id: int, *, listed: bool) -> None:
        """Take the reason off the list, or put it back where it was."""
        await self._connection.execute(
            "UPDATE booking_desk.reasons SET listed = $2 WHERE id = $1::bigint", reason_id, listed
        )


def _reason(row: Record) -> Reason:
    return Reason(row["id"], Remark(json.loads(row["texts"])))
