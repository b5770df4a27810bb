"""What somebody has looked for or chosen, under a number that fits a button and a link."""

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
        """Return the number of the search or filter: one for everybody, and for good."""
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
        """Note that somebody looks at the list with this number; once a day is enough."""
        await self._connection.execute(
            """
            UPDATE booking_desk.saved_queries SET used_at = now()
             WHERE id = $1::bigint AND used_at < now() - interval '1 day'
            """,
            number,
        )

    async def forget(self, unused: timedelta) -> int:
        """Forget what nobody has asked for so long; return how many there were."""
        status = await self._connection.execute(
            "DELETE FROM booking_desk.saved_queries WHERE used_at < now() - $1::interval", unused
        )
        return affected(status)


def _query(view: Search | Filter) -> str:
    """Return JSON with what was said, in one order, so that one meaning has one spelling."""
    said = {name: value for name, value in asdict(view).items() if value is not None}
    return json.dumps({type(view).__name__.lower(): said}, default=str, ensure_ascii=False)


def _view(query: Mapping[str, Any]) -> Search | Filter:
    match query:
        case {"search": said}:
            return Search(**said)
        case {"filter": said}:
            return Filter(**{name: _typed(name, value) for name, value in said.items()})
    raise ValueError(query)


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 (as JSON has it)
    return _READ[name](value) if name in _READ else value


_READ: Final[Mapping[str, Callable[[Any], object]]] = {
    "status": BookingStatus,
    "since": date.fromisoformat,
    "until": date.fromisoformat,
    "welcome": WelcomeState,
}
