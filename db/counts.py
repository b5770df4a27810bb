"""How many bookings there are, without counting them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from db.connection import Connection
from db.models import BookingStatus, status_of


class CountRepository:
    """The ledger `booking_desk.daily_counts`; see migrations/0003_counts.sql."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def by_status(self) -> Mapping[BookingStatus | None, int]:
        """Count the bookings of each status; under None, all of them."""
        rows = await self._connection.fetch(
            """
            SELECT confirmed, sum(n)::bigint AS n
              FROM booking_desk.daily_counts
             GROUP BY confirmed
            """
        )
        counts: Counter[BookingStatus | None] = Counter()
        for row in rows:
            counts[status_of(row["confirmed"])] += row["n"]
            counts[None] += row["n"]
        return counts

    async def before_day(self, moment: datetime, status: BookingStatus | None) -> int:
        """Count the bookings of `status` made before the day (UTC) of `moment`."""
        filtered = status is not None
        n: int = await self._connection.fetchval(
            f"""
            SELECT coalesce(sum(n), 0)::bigint
              FROM booking_desk.daily_counts
             WHERE day < booking_desk.day_of($1)
               {"AND confirmed = $2::integer" if filtered else ""}
            """,
            moment,
            *([status.code] if status is not None else []),
        )
        return n

    async def fold(self) -> int:
        """Fold what the writers appended; return how many rows that saved.

        Two programs that fold at once cannot fold a row twice: it is deleted by one of them.
        """
        folded: int = await self._connection.fetchval(
            """
            WITH crowded AS (
                SELECT day, confirmed
                  FROM booking_desk.daily_counts
                 GROUP BY day, confirmed
                HAVING count(*) > 1
            ), taken AS (
                DELETE FROM booking_desk.daily_counts AS counted
                 USING crowded
                 WHERE counted.day = crowded.day
                   AND counted.confirmed IS NOT DISTINCT FROM crowded.confirmed
                RETURNING counted.*
            ), put_back AS (
                INSERT INTO booking_desk.daily_counts (day, confirmed, n)
                SELECT day, confirmed, sum(n)
                  FROM taken
                 GROUP BY day, confirmed
                HAVING sum(n) <> 0
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM taken) - (SELECT count(*) FROM put_back)
            """
        )
        return folded
