"""How many bookings there are, without counting them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from db.connection import Connection
from db.models import BookingStatus, status_of


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
             WHERE span = 'day'
             GROUP BY confirmed
            """
        )
        counts: Counter[BookingStatus | None] = Counter()
        for row in rows:
            counts[status_of(row["confirmed"])] += row["n"]
            counts[None] += row["n"]
        return counts

    async def before_hour(self, moment: datetime, status: BookingStatus | None) -> int:
        """Count the bookings of `status` made before the hour (UTC) of `moment`."""
        n: int = await self._connection.fetchval(
            f"""
            SELECT coalesce(sum(n), 0)::bigint
              FROM booking_desk.counts
             WHERE ((span = 'day' AND bucket < date_trunc('day', $1::timestamptz, 'UTC'))
                    OR (span = 'hour' AND bucket >= date_trunc('day', $1, 'UTC')
                                      AND bucket < date_trunc('hour', $1, 'UTC')))
               {"" if status is None else "AND confirmed = $2::integer"}
            """,
            moment,
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
