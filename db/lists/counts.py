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
      FROM (SELECT sum(n) AS n FROM booking_desk.counts
             WHERE span = '30 days' AND bucket < {month} AND NOT is_share AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.counts
             WHERE span = '1 day' AND bucket >= {month} AND bucket < {day}
               AND NOT is_share AND {counted}
             UNION ALL
            SELECT sum(n) FROM booking_desk.counts
             WHERE span = '10 minutes' AND bucket >= {day} AND bucket < {minutes}
               AND NOT is_share AND {counted}
             UNION ALL
            SELECT count(*) FROM bookings
             WHERE {listed} >= {minutes} AND {listed} <= {moment}
               AND ({listed}, id) < ($1, $2::bigint) AND {counted}) AS earlier
"""
# Each branch has an index of its own; few rows are not folded yet.
_OF_COURSES: Final = """
           (SELECT * FROM booking_desk.counts WHERE is_share AND course_id = ANY({courses})
             UNION ALL
            SELECT * FROM booking_desk.counts WHERE NOT is_share AND course_id = ANY({courses}))
"""
# The ledger has no courses for the ten minutes, so the bookings of the day are counted.
_BEFORE_IN_COURSES: Final = """
    SELECT coalesce(sum(n), 0)::bigint
      FROM (SELECT sum(n) AS n FROM {ledger} AS counts
             WHERE span = '30 days' AND bucket < {month} AND {counted}
             UNION ALL
            SELECT sum(n) FROM {ledger} AS counts
             WHERE span = '1 day' AND bucket >= {month} AND bucket < {day} AND {counted}
             UNION ALL
            SELECT of_course.n FROM unnest({courses}) AS course (id)
             CROSS JOIN LATERAL (
                    SELECT count(*) AS n FROM bookings
                     WHERE course_id = course.id AND {listed} >= {day} AND {listed} <= {moment}
                       AND ({listed}, bookings.id) < ($1, $2::bigint) AND {counted})
                 AS of_course) AS earlier
"""
_IN_COURSES: Final = {
    "courses": OPAQUE.format(3),
    "ledger": _OF_COURSES.format(courses=OPAQUE.format(3)),
}
_BEFORE_SQL: Final = {
    (False, False): _BEFORE.format(**_BOUNDS, listed=order.OF_ALL, counted="true"),
    (False, True): _BEFORE.format(
        **_BOUNDS, listed=order.OF_TAB, counted="confirmed = (SELECT $3::integer)"
    ),
    (True, False): _BEFORE_IN_COURSES.format(
        **_BOUNDS, **_IN_COURSES, listed=order.OF_FILTERED, counted="true"
    ),
    (True, True): _BEFORE_IN_COURSES.format(
        **_BOUNDS,
        **_IN_COURSES,
        listed=order.OF_FILTERED,
        counted="confirmed = (SELECT $4::integer)",
    ),
}
"""By whether courses are given, and whether a status is."""
_BY_STATUS: Final = """
    SELECT confirmed, sum(n)::bigint AS n
      FROM booking_desk.counts
     WHERE span = '30 days' AND NOT is_share
     GROUP BY confirmed
"""
_BY_STATUS_IN_COURSES: Final = f"""
    SELECT confirmed, sum(n)::bigint AS n
      FROM {_OF_COURSES.format(courses=OPAQUE.format(1))} AS counts
     WHERE span = '30 days'
     GROUP BY confirmed
"""


_FOLD: Final = """
    -- The buckets with more than one row for all courses, or with a row not yet split into shares.
    WITH crowded AS (
        SELECT span, bucket, confirmed
          FROM booking_desk.counts
         WHERE NOT is_share
         GROUP BY span, bucket, confirmed
        HAVING count(*) > 1 OR bool_or(course_id IS NOT NULL)
    ),
    -- Their rows for all courses, which are taken out.
    taken AS (
        DELETE FROM booking_desk.counts AS counted
         USING crowded
         WHERE (counted.span, counted.bucket) = (crowded.span, crowded.bucket)
           AND counted.confirmed IS NOT DISTINCT FROM crowded.confirmed
           AND NOT counted.is_share
        RETURNING counted.*
    ),
    -- The present shares of the courses whose bookings have changed, which are taken out.
    shares AS (
        DELETE FROM booking_desk.counts AS counted
         USING (SELECT DISTINCT span, bucket, confirmed, course_id
                  FROM taken
                 WHERE course_id IS NOT NULL) AS changed
         WHERE (counted.span, counted.bucket, counted.course_id)
               = (changed.span, changed.bucket, changed.course_id)
           AND counted.confirmed IS NOT DISTINCT FROM changed.confirmed
           AND counted.is_share
        RETURNING counted.*
    ),
    -- One row for all courses of each bucket, and one share of each course, which are put in.
    put_back AS (
        INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n, is_share)
        SELECT span, bucket, confirmed, NULL::integer, sum(n), false
          FROM taken
         GROUP BY span, bucket, confirmed
        HAVING sum(n) <> 0
         UNION ALL
        SELECT span, bucket, confirmed, course_id, sum(n), true
          FROM (SELECT * FROM taken UNION ALL SELECT * FROM shares) AS of_courses
         WHERE course_id IS NOT NULL
         GROUP BY span, bucket, confirmed, course_id
        HAVING sum(n) <> 0
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM taken) + (SELECT count(*) FROM shares)
         - (SELECT count(*) FROM put_back)
"""


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
        """Fold the rows that writers have appended; return how many rows fewer there are.

        Two programs can fold at once, because only one of them deletes a row.
        """
        folded: int = await self._connection.fetchval(_FOLD)
        return folded
