"""Bookings by every combination of filters, by page and by count."""

from collections.abc import Sequence
from typing import Final

from db.bookings import READ, booking_of
from db.connection import Connection
from db.models import MOST_FOUND, Anchor, Booking, Criteria, Edge, WelcomeState

# The spellings are those of the indexes; see migrations/0010_filters.sql.
_LISTED: Final = "coalesce(created_at, 'epoch'::timestamptz)"
_LISTED_IN_TAB: Final = (
    "CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE created_at END"
)
_LISTED_ELSEWHERE: Final = "coalesce(created_at, to_timestamp(0))"
_WELCOMES: Final = {
    WelcomeState.UNDELIVERED: """
        id IN (SELECT booking_id FROM booking_desk.outbox
                WHERE kind = 'welcome'
                  AND state IN ('queued', 'sending', 'unknown', 'waiting', 'failed'))""",
    WelcomeState.WAITING: """
        id IN (SELECT booking_id FROM booking_desk.outbox
                WHERE kind = 'welcome' AND state = 'waiting')""",
    WelcomeState.DELIVERED: """
        EXISTS (SELECT FROM booking_desk.outbox
                 WHERE booking_id = bookings.id AND kind = 'welcome' AND state = 'sent')""",
}


class FilteredRepository:
    """The table `bookings`, through filters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def page(
        self, criteria: Criteria, edge: Edge, anchor: Anchor | None, *, limit: int
    ) -> Sequence[Booking]:
        """Return up to `limit` bookings in the order of their list."""
        backwards = edge in {Edge.BEFORE, Edge.LAST}
        newest_first = criteria.chosen.newest_first
        order = "DESC" if newest_first != backwards else "ASC"
        shown = "DESC" if newest_first else "ASC"
        listed = _listed(criteria)
        conditions, values = _conditions(criteria, anchor)
        rows = await self._connection.fetch(
            f"""
            WITH booking AS (
                SELECT * FROM bookings
                 WHERE {conditions}
                 ORDER BY {listed} {order}, id {order}
                 LIMIT $1
            )
            {READ}
             ORDER BY coalesce(booking.created_at, 'epoch'::timestamptz) {shown},
                      booking.id {shown}
            """,
            limit,
            *values,
        )
        return [booking_of(row) for row in rows]

    async def count(self, criteria: Criteria, anchor: Anchor | None = None) -> int:
        """Count the bookings, maybe on one side of an anchor, up to MOST_FOUND."""
        conditions, values = _conditions(criteria, anchor)
        n: int = await self._connection.fetchval(
            f"""
            SELECT count(*) FROM (SELECT FROM bookings WHERE {conditions} LIMIT $1) AS counted
            """,
            MOST_FOUND,
            *values,
        )
        return n


def _listed(criteria: Criteria) -> str:
    chosen = criteria.chosen
    if chosen.stream is not None or chosen.course is not None or chosen.code is not None:
        return _LISTED_ELSEWHERE
    return _LISTED if chosen.status is None else _LISTED_IN_TAB


def _conditions(criteria: Criteria, anchor: Anchor | None) -> tuple[str, Sequence[object]]:
    """Return what a booking must fulfil, and the values from $2 on."""
    chosen, listed = criteria.chosen, _listed(criteria)
    conditions: list[tuple[str, Sequence[object]]] = []
    if chosen.status is not None:
        conditions.append(("confirmed = ${}", [chosen.status.code]))
    if chosen.course is not None:
        conditions.append(("course_id = ${}", [chosen.course]))
    if chosen.stream is not None:
        conditions.append(("course_stream = ${}", [chosen.stream]))
    if chosen.code is not None:
        same = (
            "referral_code IS NOT NULL AND lower(left(referral_code, 64)) = lower(left(${}, 64))"
        )
        conditions.append((same, [chosen.code]))
    if criteria.since is not None:
        conditions.append((f"({listed}, id) >= (${{}}, -9223372036854775808)", [criteria.since]))
    if criteria.until is not None:
        conditions.append((f"({listed}, id) < (${{}}, -9223372036854775808)", [criteria.until]))
    if chosen.welcome is not None:
        conditions.append((_WELCOMES[chosen.welcome], []))
    if anchor is not None:
        conditions.append((_beside(criteria, anchor, listed), [anchor.at, anchor.id]))
    return _numbered(conditions)


def _beside(criteria: Criteria, anchor: Anchor, listed: str) -> str:
    descending = criteria.chosen.newest_first != (anchor.edge is Edge.BEFORE)
    equal = "=" if anchor.edge is Edge.FROM else ""
    return (
        f"({listed}, id) {'<' if descending else '>'}{equal} (${{}}::timestamptz, ${{}}::bigint)"
    )


def _numbered(conditions: Sequence[tuple[str, Sequence[object]]]) -> tuple[str, Sequence[object]]:
    values: list[object] = []
    texts = []
    for text, given in conditions:
        first = len(values) + 2
        texts.append(text.format(*range(first, first + len(given))))
        values += given
    return " AND ".join(texts) or "true", values
