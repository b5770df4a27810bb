"""Bookings by id, by page, and one at a time under a row lock."""

from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import Final

from db.connection import Connection, Record
from db.lists import order
from db.lists.keyset import comparison, direction
from db.models.bookings import Booking, BookingStatus, Reachability
from db.models.counts import MOST_FOUND, counted
from db.models.lists import Cursor, Edge
from db.models.people import Discounts

# Each query selects its rows in `WITH booking`; this tail joins and reads them. Selecting the
# rows first keeps the joins to one page, however long the table is. A date that Python's calendar
# does not have is read as none, and is listed at the calendar's end. The columns are the fields of
# `Booking` in their order, because reading a row by names is slow. Whatever types the school has,
# they come as these types; see migrations/0001_school.sql.
READ: Final = """
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
"""
# An array of numbers whose length PostgreSQL does not see. If it sees the length, it makes a plan
# for each array, which takes longer than the query.
OPAQUE: Final = "ARRAY(SELECT unnest(${}::bigint[]))"
_CURSOR: Final = "($1::timestamptz, $2::bigint)"


class BookingRepository:
    """The table `bookings`, which other programs write as well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, booking_id: int) -> Booking | None:
        return await self._one(
            "WITH booking AS (SELECT * FROM bookings WHERE id = $1::bigint)" + READ, booking_id
        )

    async def of_ids(self, ids: Set[int]) -> Mapping[int, Booking]:
        """Return the bookings with these ids, by id; ids without a booking are left out."""
        rows = await self._connection.fetch(
            f"WITH booking AS (SELECT * FROM bookings WHERE id = ANY({OPAQUE.format(1)})) {READ}",
            list(ids),
        )
        return {row["id"]: booking_of(row) for row in rows}

    async def lock(self, booking_id: int) -> Booking | None:
        """Return the booking, and lock it until this transaction ends."""
        return await self._one(
            "WITH booking AS (SELECT * FROM bookings WHERE id = $1::bigint FOR UPDATE)" + READ,
            booking_id,
        )

    async def save(self, booking: Booking) -> Booking:
        """Write the status and the stream; return the booking as it is now."""
        row = await self._connection.fetchrow(
            f"""
            WITH booking AS (
                UPDATE bookings
                   SET confirmed = $2::integer, course_stream = $3::text
                 WHERE id = $1::bigint
                RETURNING *
            )
            {READ}
            """,
            booking.id,
            booking.confirmed,
            booking.course_stream,
        )
        return booking_of(row)

    async def of_person(self, user_id: int | None, *, limit: int) -> Sequence[Booking]:
        """Return the person's newest bookings, newest first."""
        rows = await self._connection.fetch(
            f"""
            WITH booking AS (
                SELECT * FROM bookings WHERE booking_desk.person_id(user_id) = $1::bigint
                 ORDER BY id DESC LIMIT $2
            )
            {READ} ORDER BY booking.id DESC
            """,
            user_id,
            limit,
        )
        return [booking_of(row) for row in rows]

    async def duplicates(
        self, user_id: int | None, course_id: int | None, *, beside: int = 0, limit: int
    ) -> Sequence[int]:
        """Return the person's active bookings for a course but number `beside`, newest first."""
        rows = await self._connection.fetch(
            """
            SELECT id::bigint
              FROM (SELECT id, course_id, confirmed FROM bookings
                     WHERE booking_desk.person_id(user_id) = $1::bigint
                     ORDER BY id DESC LIMIT $5) AS theirs
             WHERE course_id = $2::integer AND id <> $3::bigint AND confirmed IN (0, 1, 2)
             ORDER BY id DESC
             LIMIT $4
            """,
            user_id,
            course_id,
            beside,
            limit,
            MOST_FOUND,
        )
        return [row["id"] for row in rows]

    async def discounts(self, user_id: int | None) -> Discounts:
        """Count the discounts on the person's newest MOST_FOUND bookings."""
        row = await self._connection.fetchrow(
            """
            SELECT count(*) AS bookings,
                   count(*) FILTER (WHERE discount_percent > 0 AND active) AS discounted
              FROM (SELECT booking_desk.percent(discount_percent) AS discount_percent,
                           confirmed IS DISTINCT FROM -1 AS active
                      FROM bookings
                     WHERE booking_desk.person_id(user_id) = $1::bigint
                     ORDER BY id DESC
                     LIMIT $2) AS theirs
            """,
            user_id,
            MOST_FOUND,
        )
        return Discounts(**{**row, "bookings": counted(row["bookings"])})

    async def page(
        self, status: BookingStatus | None, cursor: Cursor, *, newest_first: bool, limit: int
    ) -> Sequence[Booking]:
        """Return up to `limit` bookings of the status at the cursor, in the order of the list.

        The sort key is (created_at, id), compared as a row. So a row that is added or deleted
        does not make another row appear twice or be skipped. A booking without a date counts as
        made in 1970.
        """
        sql = _page_sql(
            of_tab=status is not None, newest_first=newest_first, edge=cursor.edge, limit=limit
        )
        values = () if status is None else (status.code,)
        rows = await self._connection.fetch(sql, cursor.at, cursor.id, *values)
        return [booking_of(row) for row in rows]

    async def _one(self, sql: str, booking_id: int) -> Booking | None:
        row: Record | None = await self._connection.fetchrow(sql, booking_id)
        return booking_of(row) if row else None


def booking_of(row: Record) -> Booking:
    """Return the booking in a row of READ."""
    *fields, reachability = row
    return Booking._make([*fields, Reachability(reachability or Reachability.UNKNOWN)])


@cache
def _page_sql(*, of_tab: bool, newest_first: bool, edge: Edge, limit: int) -> str:
    moment = order.OF_TAB if of_tab else order.OF_ALL
    read = direction(edge, newest_first=newest_first)
    listed = direction(Edge.FIRST, newest_first=newest_first)
    compare = comparison(edge, newest_first=newest_first)
    conditions = [
        f"({moment}, id) {compare} {_CURSOR}"
        if compare
        # PostgreSQL needs the types of its parameters even if they are not used.
        else "$1::timestamptz IS NULL AND $2::bigint IS NULL"
    ]
    if of_tab:
        conditions.append("confirmed = $3::integer")
    # The limit is part of the text. For a limit among the values PostgreSQL assumes a tenth of the
    # table, so it keeps no plan, and planning each time costs more than the query.
    return f"""
        WITH booking AS (
            SELECT *
              FROM bookings
             WHERE {" AND ".join(conditions)}
             ORDER BY {moment} {read}, id {read}
             LIMIT {limit}
        )
        {READ}
         ORDER BY coalesce(booking_desk.moment(booking.created_at), 'epoch') {listed},
                  booking.id {listed}
    """
