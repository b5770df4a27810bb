"""What the desk's own tables need from time to time."""

from datetime import timedelta
from typing import Final

from db.database import Database

_EVERY_SECONDS: Final = 60.0
_PROBED_AFTER: Final = timedelta(minutes=15)
_PROBED_AT_ONCE: Final = 50


class UpkeepService:
    """Keeps reads cheap and names current."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> float:
        """Fold the counts, forget gates that stand open, take over the names of courses.

        Returns:
            The seconds after which it is worth doing again.
        """
        async with self._db.transaction() as uow:
            await uow.counts.fold()
            await uow.gates.forget_chats()
            await uow.streams.learn_from_courses()
        return _EVERY_SECONDS

    async def probe(self) -> float:
        """Try again what has long been waiting, where another program polls the students' bot.

        That one gets their /start, and the desk is not told. Returns like `run`.
        """
        async with self._db.transaction() as uow:
            await uow.deliveries.probe(_PROBED_AFTER, limit=_PROBED_AT_ONCE)
        return _EVERY_SECONDS
