"""What the database says of the desk's work, for those who measure it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.database import Database
from db.models.bookings import BookingStatus
from db.models.outbox import MessageState

_NOT_COUNTED: Final = {MessageState.SENT, MessageState.WITHDRAWN}
"""The history, which is too long to be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Numbers from one snapshot."""

    bookings: Mapping[str, int]
    """By status."""
    messages: Mapping[str, int]
    """By state, without those that have arrived or were withdrawn."""
    waited: timedelta
    """How long the oldest message waits to leave."""
    migrations: int
    """The number of migrations that the database has."""
    backed_up: datetime | None
    """Of what moment the newest backup is, if any is known."""


class MeasureService:
    """Numbers of bookings and messages.

    Raises:
        DatabaseUnavailable: from every method.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    async def read(self) -> Measures:
        async with self._db.snapshot() as uow:
            bookings = await uow.counts.by_status()
            messages = Counter[MessageState]()
            for group in await uow.messages.groups():
                messages[group.key.state] += group.count
            queue = await uow.messages.queue()
            migrations = await uow.signs.migrations()
            backed_up = await uow.signs.last_backup()
        return Measures(
            bookings={status: bookings.get(status, 0) for status in BookingStatus},
            messages={
                state: messages[state] for state in MessageState if state not in _NOT_COUNTED
            },
            waited=queue.waited or timedelta(0),
            migrations=migrations,
            backed_up=backed_up,
        )
