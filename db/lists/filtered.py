"""Bookings by every combination of filters, by page and by count.

An index leads to the bookings in the order of their list as far as the status, the course, the
stream or the code go. An index of welcomes does so for what has become of them, too: of those that
arrived together with one of the four, of the others by themselves. What else is chosen is looked
for among the first thousand in that index, so what fits nothing costs hardly more than what fits.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias

from db.bookings import READ, booking_of
from db.connection import Connection
from db.lists import order
from db.lists.keyset import comparison, direction
from db.models.bookings import Booking
from db.models.counts import MOST_FOUND, AtLeast, counted
from db.models.filters import Criteria, Filter, WelcomeState
from db.models.lists import START, Cursor, Edge, Scan

_SCANNED: Final = MOST_FOUND
"""Bookings that are looked at for what no index leads to."""
_LEAST_ID: Final = -(2**63)
_WELCOMED: Final = {
    WelcomeState.UNDELIVERED: "state IN ('undelivered', 'waiting')",
    WelcomeState.WAITING: "state = 'waiting'",
    WelcomeState.DELIVERED: "state = 'delivered'",
}
_DISCOUNTED: Final = {
    True: "discount_percent > 0",
    False: "coalesce(discount_percent, 0) <= 0",
}
_WHOLE: Final = 64
"""Letters of a code by which it is told from others; what is shorter is counted in its index."""
_CODE: Final = f"lower(left({{}}, {_WHOLE}))"

_BY_WELCOME: Final = frozenset({"welcome"})
_BY_STATUS: Final = frozenset({"status"})
_LEADING: Final = ("code", "stream", "course", "status")
"""Of these the first that is chosen leads."""
_WITH_STATUS: Final = frozenset({"stream", "course"})
_MOMENTS: Final = {
    frozenset(): order.OF_ALL,
    _BY_STATUS: order.OF_TAB,
}

_FOUND: Final = """
    SELECT *, {moment} AS listed
      FROM bookings
     WHERE {first}
     ORDER BY {moment} {order}, id {order}
     LIMIT {limit}
"""
_FOUND_BY_WELCOME: Final = """
    SELECT *, listed_at AS listed
      FROM (SELECT booking_id AS id, state, listed_at,
                   confirmed, course_id, course_stream, discount_percent, code
              FROM booking_desk.welcomes) AS welcome
     WHERE {first}
     ORDER BY listed_at {order}, id {order}
     LIMIT {limit}
"""

# PostgreSQL keeps one plan for values that it does not see. Of those that it sees it may make a
# plan each time, which takes longer than the query.
_UNSEEN: Final = "(SELECT ${}::{})"
_TYPES: Final = {int: "bigint", str: "text", datetime: "timestamptz"}

_Condition: TypeAlias = tuple[str, Sequence[object]]


class FilteredRepository:
    """The table `bookings`, through filters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def page(self, criteria: Criteria, cursor: Cursor, *, limit: int) -> Scan[Booking]:
        """Return up to `limit` bookings at the cursor, in the order of their list."""
        query = _Query(criteria, cursor)
        shown = direction(Edge.FIRST, newest_first=criteria.chosen.newest_first)
        rows = await self._connection.fetch(
            f"""
            WITH booking AS ({query.fitting(limit)})
            {READ} ORDER BY booking.listed {shown}, booking.id {shown}
            """,
            *query.values,
        )
        end = None
        if query.rest and len(rows) < limit:
            end = await self._connection.fetchval(
                f"""
                SELECT id FROM ({query.found()}) AS looked_at
                 ORDER BY {query.order} OFFSET {_SCANNED - 1}
                """,
                *query.found_values,
            )
        return Scan([booking_of(row) for row in rows], end)

    async def count(self, criteria: Criteria, cursor: Cursor = START) -> int:
        """Count the bookings at the cursor and beyond, up to MOST_FOUND."""
        query = _Query(criteria, cursor)
        if not query.rest:
            sql = f"SELECT count(*) FROM ({query.found()}) AS counted"
            return counted(await self._connection.fetchval(sql, *query.values))
        row = await self._connection.fetchrow(
            f"""
            SELECT count(*) FILTER (WHERE {query.rest}) AS n,
                   count(*) = {_SCANNED} AS more
              FROM ({query.found()}) AS found
            """,
            *query.values,
        )
        return AtLeast(row["n"]) if row["more"] else row["n"]


class _Query:
    """What a filter asks of PostgreSQL, and the values of it."""

    def __init__(self, criteria: Criteria, cursor: Cursor) -> None:
        read = direction(cursor.edge, newest_first=criteria.chosen.newest_first)
        chosen, found_by = _conditions(criteria.chosen), _found_by(criteria.chosen)
        values: list[object] = []
        leading = [chosen[name] for name in chosen if name in found_by]
        moment = _moment(found_by)
        first = _numbered([*leading, *_bounds(criteria, moment, cursor)], values)
        self.found_values: Final = tuple(values)
        found = _FOUND_BY_WELCOME if found_by >= _BY_WELCOME else _FOUND
        self._found = partial(found.format, moment=moment, first=first or "true", order=read)
        others = [chosen[name] for name in chosen if name not in found_by]
        self.rest: Final = _numbered(others, values)
        self.values: Final = values
        self.order: Final = f"listed {read}, id {read}"

    def found(self, limit: int = _SCANNED) -> str:
        """Return what asks for the first that the index leads to."""
        return self._found(limit=limit)

    def fitting(self, limit: int) -> str:
        """Return what asks for the first bookings that fit, among those that are looked at."""
        fitting = f"SELECT id, listed FROM ({self.found(limit)}) AS found"
        if self.rest:
            fitting = f"""
                SELECT id, listed FROM ({self.found()}) AS found
                 WHERE {self.rest} ORDER BY {self.order} LIMIT {limit}
            """
        return f"SELECT * FROM ({fitting}) AS fitting JOIN bookings USING (id)"


def _conditions(chosen: Filter) -> Mapping[str, _Condition]:
    """Return what a booking, or its welcome, must fulfil for each thing that is chosen."""
    said: dict[str, tuple[str, Any]] = {
        "status": ("confirmed = {}", chosen.status and chosen.status.code),
        "course": ("course_id = {}", chosen.course),
        "stream": ("course_stream = {}", chosen.stream),
        "code": (f"{_code_of(chosen)} = {_CODE}", chosen.code),
    }
    conditions: dict[str, _Condition] = {
        name: (sql, [value]) for name, (sql, value) in said.items() if value is not None
    }
    if chosen.discount is not None:
        conditions["discount"] = (_DISCOUNTED[chosen.discount], [])
    if chosen.welcome is not None:
        conditions["welcome"] = (_WELCOMED[chosen.welcome], [])
    return conditions


def _code_of(chosen: Filter) -> str:
    """Return how the code is spelled in the index that leads to it: bookings have two of them."""
    if chosen.welcome is not None:
        return "code"
    compare = "<" if len(chosen.code or "") < _WHOLE else ">="
    return f"length(referral_code) {compare} {_WHOLE} AND {_CODE.format('referral_code')}"


def _found_by(chosen: Filter) -> frozenset[str]:
    """Return what an index leads to."""
    if chosen.welcome in {WelcomeState.UNDELIVERED, WelcomeState.WAITING}:
        return _BY_WELCOME
    names = (name for name in _LEADING if getattr(chosen, name) is not None)
    first = frozenset(islice(names, 1))
    if chosen.welcome is not None:
        return first | _BY_WELCOME
    return first | _BY_STATUS if first & _WITH_STATUS else first


def _moment(found_by: frozenset[str]) -> str:
    """Return the moment a list is ordered by, in the spelling of the index that leads to it."""
    return "listed_at" if found_by >= _BY_WELCOME else _MOMENTS.get(found_by, order.OF_FILTERED)


def _bounds(criteria: Criteria, moment: str, cursor: Cursor) -> Sequence[_Condition]:
    """Return where the bookings begin and end, each at most once.

    Of two ends PostgreSQL would begin at either, and read all that lies between them.
    """
    begins = [(criteria.since, _LEAST_ID, ">=")] if criteria.since else []
    ends = [(criteria.until, _LEAST_ID, "<")] if criteria.until else []
    compare = comparison(cursor.edge, newest_first=criteria.chosen.newest_first)
    if compare and cursor.at is not None and cursor.id is not None:
        (ends if compare.startswith("<") else begins).append((cursor.at, cursor.id, compare))
    return [
        (f"({moment}, id) {compare} ({{}}, {{}})", [at, booking_id])
        for at, booking_id, compare in (*sorted(begins)[-1:], *sorted(ends)[:1])
    ]


def _numbered(conditions: Sequence[_Condition], values: list[object]) -> str:
    """Return the conditions with the places of their values, which are put behind the others."""
    texts = []
    for text, given in conditions:
        places = (
            _UNSEEN.format(n, _TYPES[type(each)]) for n, each in enumerate(given, len(values) + 1)
        )
        texts.append(text.format(*places))
        values += given
    return " AND ".join(texts)
