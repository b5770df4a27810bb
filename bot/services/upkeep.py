"""What the desk's own tables need from time to time."""

from db.database import Database


class UpkeepService:
    """Keeps reads cheap and names current."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> int:
        """Fold the counts and take over the names of courses; 0, for nothing is left to do."""
        async with self._db.transaction() as uow:
            await uow.counts.fold()
            await uow.streams.learn_from_courses()
        return 0
