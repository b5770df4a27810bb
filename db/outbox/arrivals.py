"""Bookings that other programs have made, until the staff are told of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from db.connection import Connection

_SETTLED_AFTER: Final = timedelta(minutes=1)
"""Between a booking's number and the first trace of its transaction there is less time."""


class ArrivalRepository:
    """The tables `booking_desk.arrivals` and `booking_desk.arrivals_seen`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def are_there(self) -> bool:
        """Whether there may be something to look at, or to settle."""
        there: bool = await self._connection.fetchval(
            """
            SELECT EXISTS (SELECT FROM booking_desk.arrivals)
                OR seen_to <> (SELECT coalesce(max(id), 0) FROM bookings)
              FROM booking_desk.arrivals_seen
            """
        )
        return there

    async def lock(self) -> bool:
        """Keep other replicas from looking; False if one of them looks now."""
        locked: bool | None = await self._connection.fetchval(
            "SELECT true FROM booking_desk.arrivals_seen FOR UPDATE SKIP LOCKED"
        )
        return bool(locked)

    async def look(self, *, limit: int) -> Mapping[int, bool]:
        """Note up to `limit` bookings that have come since, lowest first.

        Returns:
            Whether another program has made it, by the booking's id.
        """
        rows = await self._connection.fetch(
            """
            WITH found AS (
                SELECT came.*
                  FROM booking_desk.arrivals_seen AS seen
                 CROSS JOIN LATERAL (
                        SELECT id, first_revision
                          FROM bookings AS booking
                         WHERE id > seen.seen_to
                           AND NOT EXISTS (SELECT FROM booking_desk.arrivals AS arrival
                                            WHERE arrival.booking_id = booking.id)
                         ORDER BY id
                         LIMIT $1
                       ) AS came
            ),
            noted AS (
                INSERT INTO booking_desk.arrivals SELECT id FROM found
            )
            SELECT id, NOT EXISTS (SELECT FROM booking_desk.audit AS change
                                    WHERE change.booking_id = found.id
                                      AND change.revision = found.first_revision
                                      AND change.actor_id IS NOT NULL) AS is_external
              FROM found
             ORDER BY id
            """,
            limit,
        )
        return {row["id"]: row["is_external"] for row in rows}

    async def settle(self) -> None:
        """Go on to the bookings among which none can come later any more."""
        # After TRUNCATE ... RESTART IDENTITY the numbers begin again.
        await self._connection.execute(
            """
            WITH newest AS (SELECT coalesce(max(id), 0)::bigint AS id FROM bookings),
            again AS (
                UPDATE booking_desk.arrivals_seen AS seen
                   SET seen_to = newest.id, next_to = newest.id
                  FROM newest
                 WHERE seen.seen_to > newest.id
                RETURNING seen_to
            )
            DELETE FROM booking_desk.arrivals USING again WHERE booking_id > again.seen_to
            """
        )
        # A database that was restored counts its transactions anew.
        await self._connection.execute(
            """
            WITH settled AS (
                UPDATE booking_desk.arrivals_seen AS seen
                   SET seen_to = seen.next_to, since = now(), running = pg_snapshot_xmax(snapshot),
                       next_to = coalesce((SELECT max(booking_id) FROM booking_desk.arrivals),
                                          seen.next_to)
                  FROM pg_current_snapshot() AS snapshot
                 WHERE seen.since < now() - $1::interval
                   AND (seen.running <= pg_snapshot_xmin(snapshot)
                        OR seen.running > pg_snapshot_xmax(snapshot))
                   AND EXISTS (SELECT FROM booking_desk.arrivals)
                RETURNING seen.seen_to
            )
            DELETE FROM booking_desk.arrivals USING settled WHERE booking_id <= settled.seen_to
            """,
            _SETTLED_AFTER,
        )
