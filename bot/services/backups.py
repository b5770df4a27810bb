"""Backups of the desk's own database, every night."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from db.backups import BackupError, back_up, newest_in, note, prove

_QUIET: Final = time(3, 30)
"""When hardly anybody works, in the school's time zone."""
_AFTER_START: Final = timedelta(minutes=10)
"""A start is busy enough, and a desk that runs for a moment needs no backup."""
_LOOKED_AT_EVERY: Final = 3600.0
"""Seconds: a clock may be set, and a machine may sleep."""
_AFTER_FAILURE: Final = 3600.0

logger = structlog.get_logger(__name__)


class BackupService:
    """A backup each night, and as soon as possible after a night in which the desk was down."""

    def __init__(
        self,
        dsn: str,
        directory: Path,
        *,
        timezone: ZoneInfo,
        keep: int,
        proved: bool = False,
        after_start: timedelta = _AFTER_START,
    ) -> None:
        """Back up what is at `dsn`; if it is to be `proved`, each backup is restored once."""
        self._dsn = dsn
        self._directory = directory
        self._timezone = timezone
        self._keep = keep
        self._proved = proved
        self._not_before = datetime.now(UTC) + after_start

    async def run(self) -> float:
        """Make a backup if it is time; a failure is logged.

        Returns:
            The seconds after which to run again.
        """
        newest = await asyncio.to_thread(newest_in, self._directory)
        due = max(self._not_before, next_after(newest, self._timezone))
        left = (due - datetime.now(UTC)).total_seconds()
        if left > 0:
            return min(left, _LOOKED_AT_EVERY)
        try:
            backup = await back_up(self._dsn, self._directory, keep=self._keep)
            if self._proved:
                await prove(backup)
            await note(backup, self._dsn)
        except BackupError as error:
            logger.warning("there is no new backup that is good", reason=str(error))
            return _AFTER_FAILURE
        logger.info("a backup is made", file=str(backup))
        return _LOOKED_AT_EVERY


def next_after(newest: datetime | None, timezone: ZoneInfo) -> datetime:
    """Return when the backup after the newest one is due; at once if there is none."""
    if newest is None:
        return datetime.min.replace(tzinfo=UTC)
    here = newest.astimezone(timezone)
    quiet = datetime.combine(here.date(), _QUIET, timezone)
    if quiet.astimezone(UTC) <= newest:
        quiet = datetime.combine(here.date() + timedelta(days=1), _QUIET, timezone)
    return quiet.astimezone(UTC)
