"""The number of bookings, read from the ledger instead of counting rows."""

from collections import Counter
from collections.abc import Mapping, Set
from typing import Final

from db.bookings import OPAQUE
from db.connection import Connection
from db.lists import order
from db.models.bookings import Booking, BookingStatus, status_of

# The values stand in subqueries, where the planner does not see them. If it sees them, it makes a
# plan for each value, which takes longer than the query.
_BOUNDS: Final = {
    "month": "(SELECT booking_desk.bucket('30 days', $1::timestamptz))",
    "day": "(SELECT booking_desk.bucket('1 day', $1::timestamptz))",
    "minutes": "(SELECT booking_desk.bucket('10 minutes', $1::timestamptz))",
    "moment": "(SELECT $1::timestamptz)",
}
_BEFORE: Final = """
    SELECT coalesce(sum(n), 0)::bigint
      FROM (SELECT sum(n) AS n FROM booking_desk.ledger
             WHERE span = '30 days' AND bucket < {month} AND course_id IS NULL AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.ledger
             WHERE span = '1 day' AND bucket >= {month} AND bucket < {day}
               AND course_id IS NULL AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.ledger
             WHERE span = '10 minutes' AND bucket >= {day} AND bucket < {minutes}
               AND course_id IS NULL AND {counted}
             UNION ALL
            SELECT count(*) FROM bookings
             WHERE {listed} >= {minutes} AND {listed} <= {moment}
               AND ({listed}, id) < ($1, $2::bigint) AND {counted}) AS earlier
"""
# The ledger has no courses for the ten minutes, so the bookings of the day are counted.
_BEFORE_IN_COURSES: Final = """
    SELECT coalesce(sum(n), 0)::bigint
      FROM (SELECT sum(n) AS n FROM booking_desk.ledger
             WHERE span = '30 days' AND bucket < {month}
               AND course_id = ANY({courses}) AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.ledger
             WHERE span = '1 day' AND bucket >= {month} AND bucket < {day}
               AND course_id = ANY({courses}) AND {counted}
             UNION ALL
            SELECT of_course.n FROM unnest({courses}) AS course (id)
             CROSS JOIN LATERAL (
                    SELECT count(*) AS n FROM bookings
                     WHERE course_id = course.id AND {listed} >= {day} AND {listed} <= {moment}
                       AND ({listed}, bookings.id) < ($1, $2::bigint) AND {counted})
                 AS of_course) AS earlier
"""
_BEFORE_SQL: Final = {
    (False, False): _BEFORE.format(**_BOUNDS, listed=order.OF_ALL, counted="true"),
    (False, True): _BEFORE.format(
        **_BOUNDS, listed=order.OF_TAB, counted="confirmed = (SELECT $3::integer)"
    ),
    (True, False): _BEFORE_IN_COURSES.format(
        **_BOUNDS, courses=OPAQUE.format(3), listed=order.OF_FILTERED, counted="true"
    ),
    (True, True): _BEFORE_IN_COURSES.format(
        **_BOUNDS,
        courses=OPAQUE.format(3),
        listed=order.OF_FILTERED,
        counted="confirmed = (SELECT $4::integer)",
    ),
}
"""By whether courses are given, and whether a status is."""
_BY_STATUS: Final = """
    SELECT confirmed, sum(n)::bigint AS n
      FROM booking_desk.ledger
     WHERE span = '30 days' AND course_id IS NULL
     GROUP BY confirmed
"""
_BY_STATUS_IN_COURSES: Final = f"""
    SELECT confirmed, sum(n)::bigint AS n
      FROM booking_desk.ledger
     WHERE span = '30 days' AND course_id = ANY({OPAQUE.format(1)})
     GROUP BY confirmed
"""


# One program folds at a time; writers and readers do not wait for it.
_ALONE: Final = "LOCK TABLE booking_desk.counts IN SHARE ROW EXCLUSIVE MODE"
_FOLD: Final = """
    WITH fresh AS (
        DELETE FROM booking_desk.count_changes RETURNING *
    ), change AS (
        SELECT span, bucket, confirmed, counted.course_id, sum(n) AS n
          FROM fresh, booking_desk.buckets(created_at, fresh.course_id) AS counted
         GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0
    ),
    -- Each of the two has an index of its own.
    of_all AS (
        DELETE FROM booking_desk.counts AS counted
         USING change
         WHERE (counted.span, counted.bucket) = (change.span, change.bucket)
           AND counted.confirmed IS NOT DISTINCT FROM change.confirmed
           AND counted.course_id IS NULL AND change.course_id IS NULL
        RETURNING counted.*
    ), of_courses AS (
        DELETE FROM booking_desk.counts AS counted
         USING change
         WHERE (counted.span, counted.bucket, counted.course_id)
               = (change.span, change.bucket, change.course_id)
           AND counted.confirmed IS NOT DISTINCT FROM change.confirmed
        RETURNING counted.*
    ), put_back AS (
        INSERT INTO booking_desk.counts
        SELECT span, bucket, confirmed, course_id, sum(n)
          FROM (SELECT * FROM change UNION ALL
                SELECT * FROM of_all UNION ALL SELECT * FROM of_courses) AS counted
         GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0
    )
    SELECT count(*) FROM fresh
"""
# What is not folded yet is counted by the ledger already.
_RECOUNT: Final = """
    INSERT INTO booking_desk.counts
    SELECT span, bucket, confirmed, counted.course_id, sum(n)
      FROM (SELECT booking_desk.moment(created_at) AS created_at,
                   booking_desk.whole(confirmed) AS confirmed,
                   booking_desk.whole(course_id) AS course_id, 1 AS n
              FROM bookings
             UNION ALL
            SELECT created_at, confirmed, course_id, -n
              FROM booking_desk.count_changes) AS booking,
           booking_desk.buckets(created_at, booking.course_id) AS counted
     GROUP BY 1, 2, 3, 4
    HAVING sum(n) <> 0
"""
_WRONG: Final = """
    SELECT EXISTS (
        SELECT bucket, confirmed, course_id
          FROM (SELECT bucket, confirmed, course_id, n
                  FROM booking_desk.ledger
                 WHERE span = '30 days'
                 UNION ALL
                SELECT bucket, booking_desk.whole(confirmed), counted.course_id, -1
                  FROM bookings AS booking,
                       booking_desk.buckets(booking_desk.moment(created_at),
                                            booking_desk.whole(booking.course_id)) AS counted
                 WHERE span = '30 days') AS difference
         GROUP BY 1, 2, 3
        HAVING sum(n) <> 0)
"""
_RECOUNT_SECONDS: Final = 3600


class CountRepository:
    """The ledger `booking_desk.counts`; see migrations/0003_counts.sql."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def by_status(
        self, courses: Set[int] | None = None
    ) -> Mapping[BookingStatus | None, int]:
        """Count the bookings by status, and all under None; maybe those of some courses."""
        if courses is None:
            rows = await self._connection.fetch(_BY_STATUS)
        else:
            rows = await self._connection.fetch(_BY_STATUS_IN_COURSES, list(courses))
        counts: Counter[BookingStatus | None] = Counter()
        for row in rows:
            counts[status_of(row["confirmed"])] += row["n"]
            counts[None] += row["n"]
        return counts

    async def before(
        self,
        booking: Booking,
        status: BookingStatus | None,
        courses: Set[int] | None = None,
    ) -> int:
        """Return the number of bookings before this one in the order of the lists.

        If `status` or `courses` are given, only those bookings count.
        """
        n: int = await self._connection.fetchval(
            _BEFORE_SQL[courses is not None, status is not None],
            booking.listed_at,
            booking.id,
            *(() if courses is None else (list(courses),)),
            *(() if status is None else (status.code,)),
        )
        return n

    async def fold(self) -> int:
        """Add what has been written since to the counts; return the number of rows folded."""
        async with self._connection.transaction():
            await self._connection.execute(_ALONE)
            folded: int = await self._connection.fetchval(_FOLD)
        return folded

    async def are_right(self) -> bool:
        """Compare the long buckets with the bookings, all of which are read."""
        wrong: bool = await self._connection.fetchval(_WRONG, timeout=_RECOUNT_SECONDS)
        return not wrong

    async def distrust(self) -> None:
        """Note that the next repair must count anew."""
        await self._connection.execute("INSERT INTO booking_desk.faults (during) VALUES ('COUNT')")

    async def recount(self) -> None:
        """Count all bookings anew, in a transaction of its own, while other programs write."""
        async with self._connection.transaction(isolation="repeatable_read"):
            # A TRUNCATE takes its locks in this order. Afterwards there is one snapshot for all.
            await self._connection.execute("LOCK TABLE bookings IN ACCESS SHARE MODE")
            await self._connection.execute(_ALONE)
            await self._connection.execute("DELETE FROM booking_desk.counts")
            await self._connection.execute(_RECOUNT, timeout=_RECOUNT_SECONDS)
