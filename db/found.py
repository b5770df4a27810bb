"""The bookings that a search is about, newest first, at a cost that what exists cannot raise."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.bookings import OPAQUE
from db.connection import Connection
from db.models import MOST_FOUND, Edge, Hits, Place, Targets, counted

# Of each person and code the nearest. A code's limit is hidden from PostgreSQL, which would rather
# read and sort all that have a code than the nearest of them in the order of the index.
_HITS: Final = {
    "bookings": "SELECT id FROM bookings WHERE id = ANY({array}) AND {condition}",
    "people": """
        SELECT theirs.id
          FROM unnest({array}) AS person (user_id)
         CROSS JOIN LATERAL (SELECT id FROM bookings
                              WHERE bookings.user_id = person.user_id AND {condition}
                              ORDER BY id {direction}
                              LIMIT {limit}) AS theirs
    """,
    "code": """
        (SELECT id FROM bookings
          WHERE lower(left(referral_code, 64)) = lower(left(${n}::text, 64))
            AND referral_code IS NOT NULL AND {condition}
          ORDER BY id {direction}
          LIMIT (SELECT {limit}))
    """,
}
_NONE: Final = "SELECT id FROM bookings WHERE false"
_CONDITIONS: Final = {
    Edge.AFTER: "id < $1::bigint",
    Edge.FROM: "id <= $1::bigint",
    Edge.BEFORE: "id > $1::bigint",
}


class FoundRepository:
    """Bookings by number, by person and by referral code at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def first(self, targets: Targets, *, limit: int) -> Hits:
        """Count the bookings, up to MOST_FOUND, and return the first of them."""
        sql, values = _hits(targets, Edge.FIRST, None, MOST_FOUND)
        row = await self._connection.fetchrow(
            f"""
            WITH hit AS MATERIALIZED ({sql})
            SELECT (SELECT count(*) FROM (SELECT FROM hit LIMIT {MOST_FOUND}) AS counted) AS total,
                   ARRAY(SELECT id FROM hit ORDER BY id DESC LIMIT {limit}) AS ids
            """,
            *values,
        )
        return Hits(targets=targets, total=counted(row["total"]), first=row["ids"])

    async def page(self, targets: Targets, place: Place, *, limit: int) -> Sequence[int]:
        """Return up to `limit` bookings at `place`, the newest number first."""
        sql, values = _hits(targets, place.edge, place.id, limit)
        rows = await self._connection.fetch(
            f"{sql} ORDER BY id {_direction(place.edge)} LIMIT {limit}",
            *values,
        )
        return sorted((row["id"] for row in rows), reverse=True)

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

    async def _count(self, targets: Targets, edge: Edge, booking_id: int) -> int:
        sql, values = _hits(targets, edge, booking_id, MOST_FOUND)
        n: int = await self._connection.fetchval(
            f"SELECT count(*) FROM ({sql} LIMIT {MOST_FOUND}) AS counted",
            *values,
        )
        return counted(n)


def _hits(
    targets: Targets, edge: Edge, booking_id: int | None, limit: int
) -> tuple[str, Sequence[object]]:
    """Return how to ask for the bookings on that side of one of them, and the values of it."""
    condition = _CONDITIONS.get(edge, "true")
    values: list[object] = [booking_id] if edge in _CONDITIONS else []
    kinds = []
    for name, kind in _HITS.items():
        if target := getattr(targets, name):
            values.append(target)
            kinds.append(
                kind.format(
                    n=len(values),
                    array=OPAQUE.format(len(values)),
                    condition=condition,
                    direction=_direction(edge),
                    limit=limit,
                )
            )
    return f"SELECT DISTINCT id FROM ({' UNION ALL '.join(kinds or [_NONE])}) AS hits", values


def _direction(edge: Edge) -> str:
    return "ASC" if edge in {Edge.BEFORE, Edge.LAST} else "DESC"
