"""The regular upkeep of the desk's own tables."""

from datetime import timedelta
from typing import Final

import structlog

from db.database import Database
from db.errors import MigrationError

_EVERY_SECONDS: Final = 60.0
_VERIFIED_SECONDS: Final = 6 * 3600.0
"""Verifying reads all bookings."""
_PROBED_AFTER: Final = timedelta(minutes=15)
_PROBED_WITHIN: Final = timedelta(hours=6)
_PROBED_AT_ONCE: Final = 50
_NAMES_AT_ONCE: Final = 1000
_READ_AT_ONCE: Final = 10_000
"""Bookings from the time before the desk, whose names are read."""
_SHOWN_FOR: Final = timedelta(days=30)
"""An older card is not kept true; its buttons say so when they are pressed."""
_FORGOTTEN_AT_ONCE: Final = 1000
_FORGET_AFTER: Final = timedelta(days=400)
"""A saved query whose button or link is still in use is used at least once a year."""
_DRAFT_KEPT: Final = timedelta(days=1)
"""A draft has a name and a number."""
_IMPORT_KEPT: Final = timedelta(days=7)
"""An import has many of them."""

logger = structlog.get_logger(__name__)


class UpkeepService:
    """The work that keeps reads cheap and names current."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def run(self) -> float:
        """Repair what was missed, fold the counts, learn new names, and delete old rows.

        Returns:
            The seconds after which to run again.
        """
        await self._db.repair()
        async with self._db.transaction() as uow:
            await uow.counts.fold()
            await uow.gates.forget_chats()
            await uow.updates.forget()
            await uow.copies.forget_old(_SHOWN_FOR, limit=_FORGOTTEN_AT_ONCE)
            await uow.copies.touch_gone()
            await uow.streams.learn_from_courses()
            more = await uow.names.read(limit=_READ_AT_ONCE)
            await uow.saved_queries.forget(_FORGET_AFTER)
            await uow.bulks.forget(_FORGET_AFTER)
            await uow.questions.forget(_SHOWN_FOR)
            await uow.drafts.forget(_DRAFT_KEPT)
            await uow.imports.forget(_IMPORT_KEPT)
        # By itself, because searches do not find what is being learned.
        async with self._db.transaction() as uow:
            learned = await uow.names.learn(limit=_NAMES_AT_ONCE)
        return 0 if more or learned == _NAMES_AT_ONCE else _EVERY_SECONDS

    async def verify(self) -> float:
        """Count anew if the counts are wrong, and log what has got lost on the school's tables.

        Returns:
            The seconds after which to run again.
        """
        async with self._db.snapshot() as uow:
            right = await uow.counts.are_right()
        if not right:
            async with self._db.transaction() as uow:
                await uow.counts.distrust()
            await self._db.repair()
        try:
            async with self._db.schema() as schema:
                await schema.check()
        except MigrationError as error:
            logger.warning("the school's tables have lost something of the desk's", reason=error)
        return _VERIFIED_SECONDS

    async def probe(self) -> float:
        """Try long-waiting messages again, because an update that a student is back may be lost.

        It is lost if another program polls the students' bot, or if this program dies while it
        handles the update.

        Returns:
            The seconds after which to run again.
        """
        async with self._db.transaction() as uow:
            await uow.queue.probe(_PROBED_AFTER, _PROBED_WITHIN, limit=_PROBED_AT_ONCE)
        return _EVERY_SECONDS
