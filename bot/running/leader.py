"""A lock for work that only one replica does at a time."""

import asyncio
from typing import Final, NoReturn

import structlog

from db.database import Database
from db.errors import DatabaseUnavailable

_PROBE_SECONDS: Final = 1

logger = structlog.get_logger(__name__)


class LeaderLock:
    """An advisory lock of the database, and whether this replica holds it.

    While the database is away no replica can take the lock, so the leader stays the leader.
    """

    def __init__(self, db: Database, name: str) -> None:
        self._db = db
        self._name = name
        self.begun: Final = asyncio.Event()
        self.ended: Final = asyncio.Event()

    async def keep(self) -> NoReturn:
        """Take the lock as soon as it is free, and keep it, until cancelled."""
        while True:
            try:
                async with self._db.lock(self._name) as lock:
                    while True:
                        self._note(ours=await lock.ours())
                        await asyncio.sleep(_PROBE_SECONDS)
            except DatabaseUnavailable as error:
                logger.warning(
                    "the leader lock waits for the database", lock=self._name, reason=str(error)
                )
            await asyncio.sleep(_PROBE_SECONDS)

    def _note(self, *, ours: bool) -> None:
        current, other = (self.begun, self.ended) if ours else (self.ended, self.begun)
        current.set()
        other.clear()
