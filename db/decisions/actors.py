"""Who changed bookings."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from db.connection import Connection
from db.models.audit import Actor
from db.models.bookings import BookingAction
from db.models.counts import MOST_FOUND


class ActorRepository:
    """The actors in the table `booking_desk.audit`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def named(self, ids: Set[int]) -> Sequence[Actor]:
        """Return the actors with these ids who have changed a booking, with their newest names."""
        rows = await self._connection.fetch(
            """
            SELECT newest.actor_id AS id, newest.actor_name AS name
              FROM unnest($1::bigint[]) AS wanted (id)
             CROSS JOIN LATERAL (SELECT actor_id, actor_name
                                   FROM booking_desk.audit
                                  WHERE actor_id = wanted.id
                                  ORDER BY id DESC
                                  LIMIT 1) AS newest
             ORDER BY newest.actor_name, newest.actor_id
            """,
            list(ids),
        )
        return [Actor(**row) for row in rows]

    async def ids(self) -> Set[int]:
        """Return the ids of all actors in the log; each costs one index lookup."""
        rows = await self._connection.fetch(
            """
            WITH RECURSIVE decider AS (
                SELECT min(actor_id) AS id FROM booking_desk.audit
                UNION ALL
                SELECT (SELECT min(actor_id) FROM booking_desk.audit WHERE actor_id > decider.id)
                  FROM decider
                 WHERE decider.id IS NOT NULL
            )
            SELECT id FROM decider WHERE id IS NOT NULL
            """
        )
        return {row["id"] for row in rows}

    async def tally(self, by: Actor, since: datetime) -> Mapping[BookingAction, int]:
        """Count the bookings that `by` has decided since, by the newest decision on each.

        What was undone does not count. Of more than MOST_FOUND decisions the newest count.
        """
        rows = await self._connection.fetch(
            """
            SELECT action, count(*)
              FROM (SELECT DISTINCT ON (booking_id) booking_id, action
                      FROM (SELECT id, booking_id, action
                              FROM booking_desk.audit
                             WHERE actor_id = $1 AND at >= $2
                             ORDER BY id DESC
                             LIMIT $3) AS theirs
                     ORDER BY booking_id, id DESC) AS newest
             WHERE action IN ('confirm', 'cancel', 'move', 'reopen')
             GROUP BY action
            """,
            by.id,
            since,
            MOST_FOUND,
        )
        return {BookingAction(row["action"]): row["count"] for row in rows}
