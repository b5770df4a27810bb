"""Bulks: one decision for many bookings, row by row."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from db.connection import Connection, Record, affected
from db.models.audit import Actor
from db.models.bookings import Booking
from db.models.bulks import Bulk, BulkAction, BulkItem, BulkPart, BulkState, ItemResult, ListPage
from db.models.lists import Cursor, Edge

_READ: Final = """
    SELECT id, actor_id, actor_name, second_id, second_name, action, stream_id, tell, query,
           edge, edge_id, edge_at, state,
           chat_id, message_id, language, undo_until,
           ARRAY(SELECT (coalesce(result, ''), count(*)::text)
                   FROM booking_desk.bulk_items WHERE bulk_id = bulk.id GROUP BY result) AS results
      FROM booking_desk.bulks AS bulk
"""


class BulkRepository:
    """The tables `booking_desk.bulks` and `booking_desk.bulk_items`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def rehearse(
        self,
        action: BulkAction,
        *,
        by: Actor,
        stream_id: int | None,
        asked_on: ListPage,
        fitting: Sequence[Booking],
        refused: Sequence[Booking],
    ) -> int:
        """Fix the bookings of a new bulk at their revisions; return its number."""
        bulk_id: int = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.bulks
                   (actor_id, actor_name, action, stream_id, query, edge, edge_id, edge_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
            """,
            by.id,
            by.name,
            action,
            stream_id,
            asked_on.query,
            *asked_on.cursor,
        )
        bookings = [*fitting, *refused]
        await self._connection.execute(
            """
            INSERT INTO booking_desk.bulk_items (bulk_id, place, booking_id, revision, result)
            SELECT $1, place, booking_id, revision, CASE WHEN place > $4 THEN 'refused' END
              FROM unnest($2::bigint[], $3::integer[])
                   WITH ORDINALITY AS item (booking_id, revision, place)
            """,
            bulk_id,
            [booking.id for booking in bookings],
            [booking.revision for booking in bookings],
            len(fitting),
        )
        return bulk_id

    async def get(self, bulk_id: int) -> Bulk | None:
        row = await self._connection.fetchrow(_READ + " WHERE id = $1::bigint", bulk_id)
        return _bulk(row) if row else None

    async def working(self) -> Bulk | None:
        """Return the oldest bulk that has rows to carry out or to undo."""
        row = await self._connection.fetchrow(
            _READ + " WHERE state IN ('running', 'undoing') ORDER BY id LIMIT 1"
        )
        return _bulk(row) if row else None

    async def move_on(self, bulk_id: int, before: BulkState, after: BulkState) -> bool:
        """Change the state, and wake the workers; False if the state is another one."""
        moved: bool | None = await self._connection.fetchval(
            """
            WITH moved AS (
                UPDATE booking_desk.bulks SET state = $3
                 WHERE id = $1::bigint AND state = $2
                   AND ($3 <> 'undoing' OR undo_until > clock_timestamp())
                RETURNING id
            )
            SELECT pg_notify('booking_desk', 'bulk') IS NOT NULL FROM moved
            """,
            bulk_id,
            before,
            after,
        )
        return moved is not None

    async def set_telling(self, bulk_id: int, *, tell: bool) -> bool:
        """Choose whether the students hear of a cancellation or a move.

        Returns:
            False if it has begun, or is neither.
        """
        status = await self._connection.execute(
            """
            UPDATE booking_desk.bulks SET tell = $2
             WHERE id = $1::bigint AND state = 'rehearsed' AND action IN ('cancel', 'move')
            """,
            bulk_id,
            tell,
        )
        return affected(status) == 1

    async def settle(self, bulk_id: int, state: BulkState, *, by: Actor) -> bool:
        """Begin or end a bulk for which a second admin was asked; False if none is asked for."""
        settled: bool | None = await self._connection.fetchval(
            """
            WITH settled AS (
                UPDATE booking_desk.bulks SET state = $2, second_id = $3, second_name = $4
                 WHERE id = $1::bigint AND state = 'asked'
                RETURNING id
            )
            SELECT pg_notify('booking_desk', 'bulk') IS NOT NULL FROM settled
            """,
            bulk_id,
            state,
            by.id,
            by.name,
        )
        return settled is not None

    async def show_in(self, bulk_id: int, *, chat_id: int, message_id: int, language: str) -> None:
        """Remember the message that shows the progress."""
        await self._connection.execute(
            """
            UPDATE booking_desk.bulks SET chat_id = $2, message_id = $3, language = $4
             WHERE id = $1::bigint
            """,
            bulk_id,
            chat_id,
            message_id,
            language,
        )

    async def take_item(self, bulk: Bulk) -> BulkItem | None:
        """Take the next booking to carry out or to undo; None when there is none to take.

        No other worker gets it until this transaction ends. None also if the bulk has been
        stopped.
        """
        undoing = bulk.state is BulkState.UNDOING
        row = await self._connection.fetchrow(
            f"""
            SELECT place, booking_id, revision, revision_after
              FROM booking_desk.bulk_items AS item
             WHERE bulk_id = $1
               AND {"result = 'done'" if undoing else "result IS NULL"}
               AND EXISTS (SELECT FROM booking_desk.bulks WHERE id = $1 AND state = $2)
             ORDER BY place {"DESC" if undoing else ""}
             LIMIT 1
               FOR UPDATE OF item SKIP LOCKED
            """,
            bulk.id,
            bulk.state,
        )
        return BulkItem(*row) if row else None

    async def mark(
        self, bulk: Bulk, item: BulkItem, result: ItemResult, revision: int | None = None
    ) -> bool:
        """Write what became of a booking; `revision` is the one after the decision.

        Returns:
            False if the bulk has been stopped meanwhile; this transaction must change nothing.
        """
        marked: int | None = await self._connection.fetchval(
            """
            WITH bulk AS (
                SELECT id FROM booking_desk.bulks WHERE id = $1 AND state = $5 FOR SHARE
            )
            UPDATE booking_desk.bulk_items AS item
               SET result = $3, revision_after = coalesce($4, revision_after)
              FROM bulk
             WHERE bulk_id = bulk.id AND place = $2
            RETURNING place
            """,
            bulk.id,
            item.place,
            result,
            revision,
            bulk.state,
        )
        return marked is not None

    async def finish(self, bulk: Bulk, state: BulkState, *, grace: timedelta) -> None:
        """End the bulk if it is as it was; its messages leave when the grace is over.

        It is done, or undone, only if no booking is left, nor at hand at another worker.
        """
        await self._connection.execute(
            """
            WITH ended AS (
                UPDATE booking_desk.bulks
                   SET state = $3, undo_until = clock_timestamp() + $4::interval
                 WHERE id = $1 AND state = $2
                   AND ($3 = 'stopped'
                        OR NOT EXISTS (SELECT FROM booking_desk.bulk_items
                                        WHERE bulk_id = $1
                                          AND CASE WHEN $2 = 'undoing' THEN result = 'done'
                                                   ELSE result IS NULL END))
                RETURNING id, undo_until
            )
            UPDATE booking_desk.outbox AS message
               SET due_at = ended.undo_until
              FROM ended JOIN booking_desk.bulk_items AS item ON item.bulk_id = ended.id
             WHERE message.booking_id = item.booking_id
               AND message.revision = item.revision_after
               AND message.state = 'queued'
               AND item.result IN ('done', 'kept')
            """,
            bulk.id,
            bulk.state,
            state,
            grace,
        )

    async def hold_messages(self, bulk_id: int, length: timedelta) -> None:
        """Let none of the bulk's messages leave for so long."""
        await self._connection.execute(
            """
            UPDATE booking_desk.outbox AS message
               SET due_at = clock_timestamp() + $2::interval
              FROM booking_desk.bulk_items AS item
             WHERE item.bulk_id = $1::bigint
               AND item.result = 'done'
               AND message.booking_id = item.booking_id
               AND message.revision = item.revision_after
               AND message.state = 'queued'
            """,
            bulk_id,
            length,
        )

    async def bookings_of(
        self, bulk: Bulk, part: BulkPart, *, offset: int = 0, limit: int
    ) -> Sequence[int]:
        """Return the ids of bookings of this part, in the order of the bulk."""
        rows = await self._connection.fetch(
            """
            SELECT booking_id FROM booking_desk.bulk_items
             WHERE bulk_id = $1 AND coalesce(result, '') = ANY($2::text[])
             ORDER BY place OFFSET $3 LIMIT $4
            """,
            bulk.id,
            [result or "" for result in part.results],
            offset,
            limit,
        )
        return [row["booking_id"] for row in rows]

    async def forget(self, age: timedelta) -> None:
        """Delete what was rehearsed or ended so long ago."""
        await self._connection.execute(
            """
            DELETE FROM booking_desk.bulks
             WHERE created_at < now() - $1::interval AND state NOT IN ('running', 'undoing')
            """,
            age,
        )


def _bulk(row: Record) -> Bulk:
    second = None
    if row["second_id"] is not None:
        second = Actor(id=row["second_id"], name=row["second_name"])
    return Bulk(
        id=row["id"],
        by=Actor(id=row["actor_id"], name=row["actor_name"]),
        second=second,
        action=BulkAction(row["action"]),
        stream_id=row["stream_id"],
        tell=row["tell"],
        query=row["query"],
        page=Cursor(Edge(row["edge"]), row["edge_id"], row["edge_at"]),
        state=BulkState(row["state"]),
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        language=row["language"],
        undo_until=row["undo_until"],
        results={ItemResult(name) if name else None: int(n) for name, n in row["results"]},
    )
