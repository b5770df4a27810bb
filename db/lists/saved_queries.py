"""Searches and filters under a number that fits a button and a link."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from db.connection import Connection, affected
from db.models.bookings import BookingStatus
from db.models.filters import Filter, WelcomeState
from db.models.search import Search


class SavedQueryRepository:
    """The table `booking_desk.saved_queries`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def keep(self, view: Search | Filter) -> int:
        """Save the search or filter; return its number, which is the same for all and for good."""
        query = _query(view)
        number: int = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.saved_queries (query) VALUES ($1)
            ON CONFLICT (query) DO UPDATE SET used_at = now()
            RETURNING id
            """,
            query,
        )
        return number

    async def get(self, number: int) -> Search | Filter | None:
        query = await self._connection.fetchval(
            "SELECT query FROM booking_desk.saved_queries WHERE id = $1::bigint", number
        )
        return _view(json.loads(query)) if query else None

    async def note_use(self, number: int) -> None:
        """Note that the list with this number is used; at most one write a day."""
        await self._connection.execute(
            """
            UPDATE booking_desk.saved_queries SET used_at = now()
             WHERE id = $1::bigint AND used_at < now() - interval '1 day'
            """,
            number,
        )

    async def forget(self, unused: timedelta) -> int:
        """Delete the queries that were not used for `unused`; return how many."""
        status = await self._connection.execute(
            "DELETE FROM booking_desk.saved_queries WHERE used_at < now() - $1::interval", unused
        )
        return affected(status)


def _query(view: Search | Filter) -> str:
    """Return the query as JSON; equal queries give equal texts."""
    fields = {name: value for name, value in asdict(view).items() if value is not None}
    return json.dumps({type(view).__name__.lower(): fields}, default=str, ensure_ascii=False)


def _view(query: Mapping[str, Any]) -> Search | Filter:
    match query:
        case {"search": fields}:
            return Search(**fields)
        case {"filter": fields}:
            return Filter(**{name: _typed(name, value) for name, value in fields.items()})
    raise ValueError(query)


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 (as JSON has it)
    return _READ[name](value) if name in _READ else value


_READ: Final[Mapping[str, Callable[[Any], object]]] = {
    "status": BookingStatus,
    "since": date.fromisoformat,
    "until": date.fromisoformat,
    "welcome": WelcomeState,
}
