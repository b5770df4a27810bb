"""How many bookings there are, without counting them."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from db import order
from db.connection import Connection
from db.models import Booking, BookingStatus, status_of

# What is asked stands in queries of its own, where the planner does not see it: it would believe
# that each time deserves another plan, and take longer to make one than the query takes.
_ASKED: Final = {
    "month": "(SELECT booking_desk.bucket('30 days', $1::timestamptz))",
    "day": "(SELECT booking_desk.bucket('1 day', $1::timestamptz))",
    "minutes": "(SELECT booking_desk.bucket('10 minutes', $1::timestamptz))",
    "moment": "(SELECT $1::timestamptz)",
}
_BEFORE: Final = """
    SELECT coalesce(sum(n), 0)::bigint
      FROM (SELECT sum(n) AS n FROM booking_desk.counts
             WHERE span = '30 days' AND bucket < {month} AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.counts
             WHERE span = '1 day' AND bucket >= {month} AND bucket < {day} AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.counts
             WHERE span = '10 minutes' AND bucket >= {day} AND bucket < {minutes} AND {counted}
             UNION ALL
            SELECT count(*) FROM bookings
             WHERE {listed} >= {minutes} AND {listed} <= {moment}
               AND ({listed}, id) < ($1, $2::bigint) AND {counted}) AS earlier
"""
_BEFORE_OF_ALL: Final = _BEFORE.format(**_ASKED, listed=order.OF_ALL, counted="true")
_BEFORE_IN_TAB: Final = _BEFORE.format(
    **_ASKED, listed=order.OF_TAB, counted="confirmed = (SELECT $3::integer)"
)


class CountRepository:
    """The ledger `booking_desk.counts`; see migrations/0003_counts.sql."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def by_status(self) -> Mapping[BookingStatus | None, int]:
        """Count the bookings of each status; under None, all of them."""
        rows = await self._connection.fetch(
            """
            SELECT confirmed, sum(n)::bigint AS n
              FROM booking_desk.counts
             WHERE span = '30 days'
             GROUP BY confirmed
            """
        )
        counts: Counter[BookingStatus | None] = Counter()
        for row in rows:
            counts[status_of(row["confirmed"])] += row["n"]
            counts[None] += row["n"]
        return counts

    async def before(self, booking: Booking, status: BookingStatus | None) -> int:
        """Count the bookings of `status` that lie before this one in the order of the lists."""
        n: int = await self._connection.fetchval(
            _BEFORE_OF_ALL if status is None else _BEFORE_IN_TAB,
            booking.listed_at,
            booking.id,
            *(() if status is None else (status.code,)),
        )
        return n

    async def fold(self) -> int:
        """Fold what the writers appended; return how many rows that saved.

        Two programs that fold at once cannot fold a row twice: it is deleted by one of them.
        """
        folded: int = await self._connection.fetchval(
            """
            WITH crowded AS (
                SELECT span, bucket, confirmed
                  FROM booking_desk.counts
                 GROUP BY span, bucket, confirmed
                HAVING count(*) > 1
            ), taken AS (
                DELETE FROM booking_desk.counts AS counted
                 USING crowded
                 WHERE (counted.span, counted.bucket) = (crowded.span, crowded.bucket)
                   AND counted.confirmed IS NOT DISTINCT FROM crowded.confirmed
                RETURNING counted.*
            ), put_back AS (
                INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
                SELECT span, bucket, confirmed, sum(n)
                  FROM taken
                 GROUP BY span, bucket, confirmed
                HAVING sum(n) <> 0
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM taken) - (SELECT count(*) FROM put_back)
            """
        )
        return folded
