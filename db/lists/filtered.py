"""Bookings by every combination of filters, by page and by count.

An index finds the bookings in the order of their list by status, course, stream or code. Indexes
of welcomes find them by the state of the welcome: a delivered one together with one of these four,
any other state alone. The remaining conditions are checked on the first thousand bookings of that
index, so a filter that fits nothing costs little more than one that fits.
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
from db.models.bookings import STATUS_CODES, Booking
from db.models.counts import MOST_FOUND, AtLeast, counted
from db.models.filters import Criteria, Filter, WelcomeState
from db.models.lists import START, Cursor, Edge, Scan

_SCANNED: Final = MOST_FOUND
"""Bookings of the index on which the remaining conditions are checked."""
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
"""Letters of a code that count; shorter codes have an index-only scan."""
_CODE: Final = f"lower(left({{}}, {_WHOLE}))"

_BY_WELCOME: Final = frozenset({"welcome"})
_BY_STATUS: Final = frozenset({"status"})
_LEADING: Final = ("code", "stream", "course", "status")
"""The first of these in a filter selects the index."""
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
_EACH_STATUS: Final = (
    *(f"confirmed = {code}" for code in STATUS_CODES.values()),
    # As the index spells it.
    "(confirmed IN (-1, 0, 1, 2)) IS NOT TRUE",
)
_FOUND_IN: Final = " UNION ALL ".join(
    "({})".format(_FOUND.replace("{first}", f"{status} AND {{first}}")) for status in _EACH_STATUS
)
_FOUND_IN_EACH_STATUS: Final = f"""
    SELECT *
      FROM ({_FOUND_IN}) AS found_in
     ORDER BY listed {{order}}, id {{order}}
     LIMIT {{limit}}
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

# PostgreSQL keeps one plan for values that it does not see. For values that it sees it may make a
# plan each time, which takes longer than the query.
_UNSEEN: Final = "(SELECT ${}::{})"
_TYPES: Final = {int: "bigint", str: "text", datetime: "timestamptz"}

_Condition: TypeAlias = tuple[str, Sequence[object]]


class FilteredRepository:
    """The table `bookings`, read by filters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def page(self, criteria: Criteria, cursor: Cursor, *, limit: int) -> Scan[Booking]:
        """Return up to `limit` bookings at the cursor, in the order of their list."""
        query = _Query(criteria, cursor)
        listed = direction(Edge.FIRST, newest_first=criteria.filter.newest_first)
        rows = await self._connection.fetch(
            f"""
            WITH booking AS ({query.fitting(limit)})
            {READ} ORDER BY booking.listed {listed}, booking.id {listed}
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
    """The SQL of a filter at a cursor, and its values."""

    def __init__(self, criteria: Criteria, cursor: Cursor) -> None:
        read = direction(cursor.edge, newest_first=criteria.filter.newest_first)
        conditions, found_by = _conditions(criteria.filter), _found_by(criteria.filter)
        values: list[object] = []
        names = [name for name in conditions if name in found_by]
        leading = [conditions[name] for name in names]
        moment = _moment(found_by)
        first = _numbered([*leading, *_bounds(criteria, moment, cursor)], values)
        self.found_values: Final = tuple(values)
        found = _found(frozenset(names), found_by)
        self._found = partial(found.format, moment=moment, first=first or "true", order=read)
        others = [conditions[name] for name in conditions if name not in found_by]
        self.rest: Final = _numbered(others, values)
        self.values: Final = values
        self.order: Final = f"listed {read}, id {read}"

    def found(self, limit: int = _SCANNED) -> str:
        """Return the SQL of the first `limit` bookings of the index."""
        return self._found(limit=limit)

    def fitting(self, limit: int) -> str:
        """Return the SQL of the first `limit` bookings that meet all conditions."""
        fitting = f"SELECT id, listed FROM ({self.found(limit)}) AS found"
        if self.rest:
            fitting = f"""
                SELECT id, listed FROM ({self.found()}) AS found
                 WHERE {self.rest} ORDER BY {self.order} LIMIT {limit}
            """
        return f"SELECT * FROM ({fitting}) AS fitting JOIN bookings USING (id)"


def _conditions(filter_: Filter) -> Mapping[str, _Condition]:
    """Return the conditions on a booking, or on its welcome, by the field of the filter."""
    fields: dict[str, tuple[str, Any]] = {
        "status": ("confirmed = {}", filter_.status and filter_.status.code),
        "course": ("course_id = {}", filter_.course),
        "stream": ("course_stream = {}", filter_.stream),
        "code": (f"{_code_of(filter_)} = {_CODE}", filter_.code),
    }
    conditions: dict[str, _Condition] = {
        name: (sql, [value]) for name, (sql, value) in fields.items() if value is not None
    }
    if filter_.discount is not None:
        conditions["discount"] = (_DISCOUNTED[filter_.discount], [])
    if filter_.welcome is not None:
        conditions["welcome"] = (_WELCOMED[filter_.welcome], [])
    return conditions


def _code_of(filter_: Filter) -> str:
    """Return the code as its index spells it; long codes have an index of their own."""
    if filter_.welcome is not None:
        return "code"
    compare = "<" if len(filter_.code or "") < _WHOLE else ">="
    return f"length(referral_code) {compare} {_WHOLE} AND {_CODE.format('referral_code')}"


def _found_by(filter_: Filter) -> frozenset[str]:
    """Return the fields of the filter that an index finds."""
    if filter_.welcome in {WelcomeState.UNDELIVERED, WelcomeState.WAITING}:
        return _BY_WELCOME
    names = (name for name in _LEADING if getattr(filter_, name) is not None)
    first = frozenset(islice(names, 1))
    if filter_.welcome is not None:
        return first | _BY_WELCOME
    return first | _BY_STATUS if first & _WITH_STATUS else first


def _found(named: frozenset[str], found_by: frozenset[str]) -> str:
    """Return the SQL that reads the index, or merges what it has of each status."""
    if found_by >= _BY_WELCOME:
        return _FOUND_BY_WELCOME
    return _FOUND_IN_EACH_STATUS if found_by - named == _BY_STATUS else _FOUND


def _moment(found_by: frozenset[str]) -> str:
    """Return the moment that the list is ordered by, as its index spells it."""
    return "listed_at" if found_by >= _BY_WELCOME else _MOMENTS.get(found_by, order.OF_FILTERED)


def _bounds(criteria: Criteria, moment: str, cursor: Cursor) -> Sequence[_Condition]:
    """Return the conditions on where the bookings begin and end, at most one of each.

    With two ends PostgreSQL may start at the farther one, and read all rows between them.
    """
    begins = [(criteria.since, _LEAST_ID, ">=")] if criteria.since else []
    ends = [(criteria.until, _LEAST_ID, "<")] if criteria.until else []
    compare = comparison(cursor.edge, newest_first=criteria.filter.newest_first)
    if compare and cursor.at is not None and cursor.id is not None:
        (ends if compare.startswith("<") else begins).append((cursor.at, cursor.id, compare))
    return [
        (f"({moment}, id) {compare} ({{}}, {{}})", [at, booking_id])
        for at, booking_id, compare in (*sorted(begins)[-1:], *sorted(ends)[:1])
    ]


def _numbered(conditions: Sequence[_Condition], values: list[object]) -> str:
    """Return the conditions with numbered parameters, and append their values to `values`."""
    texts = []
    for text, added in conditions:
        parameters = (
            _UNSEEN.format(n, _TYPES[type(value)])
            for n, value in enumerate(added, len(values) + 1)
        )
        texts.append(text.format(*parameters))
        values += added
    return " AND ".join(texts)
