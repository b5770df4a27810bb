"""The bookings that a search is about, newest first, at a cost that what exists cannot raise."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.bookings import READ, booking_of
from db.connection import Connection
from db.models import MOST_FOUND, Booking, Edge, Place, Targets, counted


def _hits(condition: str, direction: str) -> str:
    """Return the ids that each kind of target leads to; of each person and code the nearest."""
    return f"""
        SELECT id FROM bookings WHERE id = ANY($1::bigint[]) AND {condition}
        UNION
        SELECT theirs.id
          FROM unnest($2::bigint[]) AS person (user_id)
         CROSS JOIN LATERAL (SELECT id FROM bookings
                              WHERE bookings.user_id = person.user_id AND {condition}
                              ORDER BY id {direction}
                              LIMIT $5) AS theirs
        UNION
        (SELECT id FROM bookings
          WHERE lower(left(referral_code, 64)) = lower(left($3, 64))
            AND referral_code IS NOT NULL AND {condition}
          ORDER BY id {direction}
          LIMIT $5)
    """


_CONDITIONS: Final = {
    # There is no anchor; PostgreSQL wants to know the type of its parameter all the same.
    Edge.FIRST: "$4::bigint IS NULL",
    Edge.LAST: "$4::bigint IS NULL",
    Edge.AFTER: "id < $4::bigint",
    Edge.FROM: "id <= $4::bigint",
    Edge.BEFORE: "id > $4::bigint",
}


class FoundRepository:
    """Bookings by number, by person and by referral code at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def page(self, targets: Targets, place: Place, *, limit: int) -> Sequence[Booking]:
        """Return up to `limit` bookings at `place`, the newest number first."""
        direction = "ASC" if place.edge in {Edge.BEFORE, Edge.LAST} else "DESC"
        rows = await self._connection.fetch(
            f"""
            WITH hit AS (
                SELECT id FROM ({_hits(_CONDITIONS[place.edge], direction)}) AS hits
                 ORDER BY id {direction}
                 LIMIT $5
            ), booking AS (
                SELECT bookings.* FROM hit JOIN bookings USING (id)
            )
            {READ} ORDER BY booking.id DESC
            """,
            *_values(targets),
            place.id,
            limit,
        )
        return [booking_of(row) for row in rows]

    async def size(self, targets: Targets) -> int:
        """Count the bookings, up to MOST_FOUND."""
        return await self._count(targets, Edge.FIRST, None)

    async def newer(self, targets: Targets, booking_id: int) -> int:
        """Count the bookings before this one in the list, up to MOST_FOUND."""
        return await self._count(targets, Edge.BEFORE, booking_id)

    async def older(self, targets: Targets, booking_id: int) -> int:
        """Count the bookings behind this one in the list, up to MOST_FOUND."""
        return await self._count(targets, Edge.AFTER, booking_id)

    async def codes(self, *, offset: int, limit: int) -> Mapping[int, str]:
        """Return the referral codes there are, in their order, each by a booking that has it."""
        rows = await self._connection.fetch(
            """
            WITH RECURSIVE code AS (
                SELECT NULL::bigint AS id, NULL::text AS code, '' AS spelling
                UNION ALL
                SELECT next.id, next.code, next.spelling
                  FROM code
                 CROSS JOIN LATERAL (
                           SELECT id, referral_code AS code,
                                  lower(left(referral_code, 64)) AS spelling
                             FROM bookings
                            WHERE referral_code IS NOT NULL
                              AND lower(left(referral_code, 64)) > code.spelling
                            ORDER BY lower(left(referral_code, 64)), id
                            LIMIT 1) AS next
            )
            SELECT id, code FROM code OFFSET $1 LIMIT $2
            """,
            offset + 1,
            limit,
        )
        return {row["id"]: row["code"] for row in rows}

    async def _count(self, targets: Targets, edge: Edge, booking_id: int | None) -> int:
        n: int = await self._connection.fetchval(
            f"""
            SELECT least(count(*), $5)
              FROM ({_hits(_CONDITIONS[edge], "DESC")}) AS hits
            """,
            *_values(targets),
            booking_id,
            MOST_FOUND,
        )
        return counted(n)


def _values(targets: Targets) -> tuple[Sequence[int], Sequence[int], str | None]:
    return targets.bookings, targets.people, targets.code
