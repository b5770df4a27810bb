"""The bookings that a search finds, newest first, at a cost independent of the tables' size."""

from collections.abc import Mapping, Sequence
from typing import Final

from db.bookings import OPAQUE
from db.connection import Connection
from db.lists.keyset import comparison, direction, in_order
from db.models.counts import MOST_FOUND, counted
from db.models.lists import START, Cursor
from db.models.search import Hits, Targets

# The nearest bookings of each person and of each code. PostgreSQL does not see the limit of the
# codes. If it sees the limit, it reads and sorts all bookings that have any code.
_HITS: Final = {
    "bookings": "SELECT id FROM bookings WHERE id = ANY({array}) AND {condition}",
    "people": """
        SELECT theirs.id
          FROM unnest({array}) AS person (user_id)
         CROSS JOIN LATERAL (SELECT id FROM bookings
                              WHERE booking_desk.person_id(bookings.user_id) = person.user_id
                                AND {condition}
                              ORDER BY id {direction}
                              LIMIT {limit}) AS theirs
    """,
    "codes": """
        SELECT theirs.id
          FROM (SELECT DISTINCT lower(left(code, 64)) AS code
                  FROM unnest(${n}::text[]) AS code) AS wanted
         CROSS JOIN LATERAL (SELECT id FROM bookings
                              WHERE lower(left(referral_code, 64)) = wanted.code
                                AND referral_code IS NOT NULL AND {condition}
                              ORDER BY id {direction}
                              LIMIT (SELECT {limit})) AS theirs
    """,
}
_CODES_WALKED: Final = 1000
_NONE: Final = "SELECT id FROM bookings WHERE false"


class SearchRepository:
    """Bookings by number, by person and by referral code at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def first(self, targets: Targets, *, limit: int) -> Hits:
        """Count the bookings, up to MOST_FOUND, and return the first of them."""
        sql, values = _hits(targets, START, MOST_FOUND)
        row = await self._connection.fetchrow(
            f"""
            WITH hit AS MATERIALIZED ({sql})
            SELECT (SELECT count(*) FROM (SELECT FROM hit LIMIT {MOST_FOUND}) AS counted) AS total,
                   ARRAY(SELECT id FROM hit ORDER BY id DESC LIMIT {limit}) AS ids
            """,
            *values,
        )
        return Hits(targets=targets, total=counted(row["total"]), first=row["ids"])

    async def page(self, targets: Targets, cursor: Cursor, *, limit: int) -> Sequence[int]:
        """Return up to `limit` bookings at the cursor, the newest number first."""
        sql, values = _hits(targets, cursor, limit)
        read = direction(cursor.edge, newest_first=True)
        rows = await self._connection.fetch(f"{sql} ORDER BY id {read} LIMIT {limit}", *values)
        return in_order([row["id"] for row in rows], cursor.edge)

    async def count(self, targets: Targets, cursor: Cursor) -> int:
        """Count the bookings at the cursor and beyond, up to MOST_FOUND."""
        sql, values = _hits(targets, cursor, MOST_FOUND)
        n: int = await self._connection.fetchval(
            f"SELECT count(*) FROM ({sql} LIMIT {MOST_FOUND}) AS counted",
            *values,
        )
        return counted(n)

    async def codes_with(self, part: str, *, limit: int) -> Sequence[str]:
        """Return codes that contain `part`, among the first 1,000 there are; case does not matter.

        Each code costs one index lookup, however many bookings have it.
        """
        rows = await self._connection.fetch(
            """
            WITH RECURSIVE code AS (
                SELECT '' AS spelling, 0 AS n
                UNION ALL
                SELECT next.spelling, code.n + 1
                  FROM code
                 CROSS JOIN LATERAL (
                           SELECT lower(left(referral_code, 64)) AS spelling
                             FROM bookings
                            WHERE referral_code IS NOT NULL
                              AND lower(left(referral_code, 64)) > code.spelling
                            ORDER BY lower(left(referral_code, 64)), bookings.id
                            LIMIT 1) AS next
                 WHERE code.n < $2
            )
            SELECT spelling FROM code
             WHERE n > 0 AND position(lower($1) IN spelling) > 0
             LIMIT $3
            """,
            part,
            _CODES_WALKED,
            limit,
        )
        return [row["spelling"] for row in rows]

    async def codes(self, *, offset: int, limit: int) -> Mapping[int, str]:
        """Return the referral codes in their order, each by the id of a booking that has it."""
        rows = await self._connection.fetch(
            """
            WITH RECURSIVE code AS (
                SELECT NULL::bigint AS id, NULL::text AS code, '' AS spelling
                UNION ALL
                SELECT next.id, next.code, next.spelling
                  FROM code
                 CROSS JOIN LATERAL (
                           SELECT id::bigint AS id, referral_code::text AS code,
                                  lower(left(referral_code, 64)) AS spelling
                             FROM bookings
                            WHERE referral_code IS NOT NULL
                              AND lower(left(referral_code, 64)) > code.spelling
                            ORDER BY lower(left(referral_code, 64)), bookings.id
                            LIMIT 1) AS next
            )
            SELECT id, code FROM code OFFSET $1 LIMIT $2
            """,
            offset + 1,
            limit,
        )
        return {row["id"]: row["code"] for row in rows}


def _hits(targets: Targets, cursor: Cursor, limit: int) -> tuple[str, Sequence[object]]:
    """Return the SQL of the bookings at the cursor and beyond, and its values."""
    compare = comparison(cursor.edge, newest_first=True)
    condition = f"id {compare} $1::bigint" if compare else "true"
    values: list[object] = [cursor.id] if compare else []
    kinds = []
    for name, kind in _HITS.items():
        if target := getattr(targets, name):
            values.append(target)
            kinds.append(
                kind.format(
                    n=len(values),
                    array=OPAQUE.format(len(values)),
                    condition=condition,
                    direction=direction(cursor.edge, newest_first=True),
                    limit=limit,
                )
            )
    hits = " UNION ALL ".join(kinds or [_NONE])
    return f"SELECT DISTINCT id::bigint FROM ({hits}) AS hits", values
