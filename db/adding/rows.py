"""Rows that the desk itself adds to the school's tables, and takes away again."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.adding.refusals import taken_by_school
from db.bookings import READ, booking_of
from db.connection import Connection
from db.errors import RowRefused
from db.models.adding.drafts import NewBooking, Person
from db.models.audit import Actor
from db.models.bookings import Booking, BookingStatus

_TYPES: Final[Mapping[str, str]] = {
    "user_id": "bigint",
    "username": "text",
    "first_name": "text",
    "course_id": "integer",
    "course_stream": "text",
    "confirmed": "integer",
    "created_at": "timestamptz",
    "referral_code": "text",
    "discount_percent": "integer",
}
"""How each value is sent; the columns take them by the casts of an assignment."""
_CONFIRMED: Final = BookingStatus.CONFIRMED.code


class AddingRepository:
    """The tables `bookings`, `users` and `courses`, as a program of the school writes them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock(self, person: Person) -> None:
        """Let nobody else add a booking of the person until this transaction ends."""
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('booking-desk adds to ' || $1, 0))",
            str(person.user_id),
        )

    async def use_zone(self, zone: str) -> None:
        """Let columns without a time zone mean this one until the transaction ends."""
        await self._connection.execute("SELECT set_config('TimeZone', $1, true)", zone)

    async def insert(self, new: NewBooking) -> Booking:
        """Insert the booking; return it as it is in the table.

        Raises:
            RowRefused: the table does not take the row; nothing is changed.
        """
        columns = await self._columns()
        async with taken_by_school(self._connection):
            number = await self._connection.fetchval(_insert(columns), *_values(columns, new))
            if number is None:
                raise RowRefused("a trigger of the table has dropped the row")
        # Only afterwards, because a number that is used again has a higher revision then.
        row = await self._connection.fetchrow(
            f"WITH booking AS (SELECT * FROM bookings WHERE id = $1::bigint) {READ}", number
        )
        return booking_of(row)

    async def _columns(self) -> Sequence[str]:
        """Return the columns that take a value; a school may compute others itself."""
        rows = await self._connection.fetch(
            """
            SELECT attname::text FROM pg_attribute
             WHERE attrelid = to_regclass('bookings') AND attname = ANY($1::text[])
               AND attgenerated = '' AND NOT attisdropped
             ORDER BY attnum
            """,
            list(_TYPES),
        )
        return [name for (name,) in rows]

    async def insert_all(self, bookings: Sequence[NewBooking]) -> Sequence[tuple[int, int]]:
        """Insert the bookings; return the number and the revision of each, in their order.

        Raises:
            RowRefused: the table does not take one of them; nothing is changed.
        """
        columns = await self._columns()
        async with taken_by_school(self._connection):
            rows = await self._connection.fetchmany(
                _insert(columns), [_values(columns, new) for new in bookings]
            )
            if len(rows) < len(bookings):
                raise RowRefused("a trigger of the table has dropped a row")
        numbers = [number for (number,) in rows]
        revisions = await self.lock_all(numbers)
        return [(number, revisions[number]) for number in numbers]

    async def follow(self, bookings: Sequence[NewBooking]) -> set[int]:
        """Write the streams of confirmed bookings to the users who have none; return these users.

        Raises:
            RowRefused: the table does not take them; nothing is changed.
        """
        confirmed = [each for each in bookings if each.confirmed == _CONFIRMED]
        async with taken_by_school(self._connection):
            rows = await self._connection.fetch(
                """
                UPDATE users SET course_stream = stream
                  FROM unnest($1::bigint[], $2::text[]) AS new (user_id, stream)
                 WHERE users.user_id = new.user_id AND users.course_stream IS NULL
                   AND stream IS NOT NULL
                RETURNING users.user_id::bigint
                """,
                [each.person.user_id for each in confirmed],
                [each.course_stream for each in confirmed],
            )
        return {user_id for (user_id,) in rows}

    async def unfollow(self, bookings: Sequence[int]) -> None:
        """Take the streams of these bookings away from their users, where they stand as written.

        Raises:
            RowRefused: the table does not take that; nothing is changed.
        """
        async with taken_by_school(self._connection):
            await self._connection.execute(
                """
                UPDATE users SET course_stream = NULL FROM bookings
                 WHERE bookings.id = ANY($1::bigint[])
                   AND users.user_id = booking_desk.person_id(bookings.user_id)
                   AND users.course_stream = bookings.course_stream::text
                """,
                list(bookings),
            )

    async def log(self, revisions: Mapping[int, int], *, by: Actor) -> None:
        """Write the entries of bookings that `by` has added, by number and revision."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.audit
                   (booking_id, revision, user_id, action, actor_id, actor_name, confirmed_after,
                    course_before, course_after, stream_before, stream_after)
            SELECT id, new.revision, booking_desk.person_id(user_id), 'add', $3, $4,
                   booking_desk.whole(confirmed), booking_desk.whole(course_id),
                   booking_desk.whole(course_id), course_stream::text, course_stream::text
              FROM unnest($1::bigint[], $2::integer[]) AS new (number, revision)
              JOIN bookings ON id = number
             ORDER BY id
            """,
            list(revisions),
            list(revisions.values()),
            by.id,
            by.name,
        )

    async def lock_all(self, ids: Sequence[int]) -> Mapping[int, int]:
        """Lock those of the bookings that there are still; return their revisions."""
        rows = await self._connection.fetch(
            """
            SELECT id::bigint, revision FROM bookings WHERE id = ANY($1::bigint[])
             ORDER BY id FOR UPDATE
            """,
            list(ids),
        )
        return dict(rows)

    async def remove(self, revisions: Mapping[int, int], *, by: Actor) -> None:
        """Delete bookings that this transaction has locked; the log says who did it.

        Args:
            revisions: Of the bookings, by their numbers.
            by: Who takes them back.

        Raises:
            RowRefused: the table keeps a row, maybe because others refer to it.
        """
        async with taken_by_school(self._connection):
            deleted = await self._connection.fetch(
                "DELETE FROM bookings WHERE id = ANY($1::bigint[]) RETURNING id",
                list(revisions),
            )
            if len(deleted) < len(revisions):
                raise RowRefused("a trigger of the table has kept the row")
        # A trigger has written the entries, as of any deletion, without knowing whose it is.
        await self._connection.execute(
            """
            UPDATE booking_desk.audit AS entry
               SET actor_id = $3, actor_name = $4
              FROM unnest($1::bigint[], $2::integer[]) AS gone (id, revision)
             WHERE entry.booking_id = gone.id AND entry.revision = gone.revision + 1
               AND entry.action = 'delete'
            """,
            list(revisions),
            list(revisions.values()),
            by.id,
            by.name,
        )

    async def meet(self, people: Sequence[Person]) -> None:
        """Write the people to the school's users if they are not there.

        Raises:
            RowRefused: the table does not take them; nothing is changed.
        """
        async with taken_by_school(self._connection):
            await self._connection.execute(
                """
                INSERT INTO users (user_id, username, first_name)
                SELECT DISTINCT ON (1) person.user_id, person.username, person.first_name
                  FROM unnest($1::bigint[], $2::text[], $3::text[])
                       AS person (user_id, username, first_name)
                 WHERE NOT EXISTS (SELECT FROM users WHERE users.user_id = person.user_id)
                ON CONFLICT DO NOTHING
                """,
                [person.user_id for person in people],
                [person.username for person in people],
                [person.first_name for person in people],
            )

    async def people(self, ids: Sequence[int]) -> Mapping[int, Person]:
        """Return what the desk knows of these people, by id; of a stranger only the number."""
        rows = await self._connection.fetch(
            """
            SELECT wanted.user_id,
                   coalesce(person.first_name, called.first_name) AS first_name,
                   coalesce(person.username, called.username) AS username
              FROM unnest($1::bigint[]) AS wanted (user_id)
              LEFT JOIN booking_desk.people AS person ON person.user_id = wanted.user_id
             CROSS JOIN LATERAL (
                   SELECT (array_agg(name ORDER BY since DESC)
                           FILTER (WHERE NOT is_username))[1] AS first_name,
                          (array_agg(name ORDER BY since DESC)
                           FILTER (WHERE is_username))[1] AS username
                     FROM booking_desk.all_names AS names
                    WHERE names.user_id = wanted.user_id) AS called
            """,
            list(ids),
        )
        return {row["user_id"]: Person(**row) for row in rows}


def _insert(columns: Sequence[str]) -> str:
    values = ", ".join(f"${n}::{_TYPES[name]}" for n, name in enumerate(columns, start=1))
    return f"INSERT INTO bookings ({', '.join(columns)}) VALUES ({values}) RETURNING id::bigint"


def _values(columns: Sequence[str], new: NewBooking) -> Sequence[object]:
    values = {
        "user_id": new.person.user_id,
        "username": new.person.username,
        "first_name": new.person.first_name,
        "course_id": new.course_id,
        "course_stream": new.course_stream,
        "confirmed": new.confirmed,
        "created_at": new.created_at,
        "referral_code": new.referral_code,
        "discount_percent": new.discount_percent or 0,
    }
    return [values[name] for name in columns]
