"""The files of backups: named by their time, whole or not there, the oldest removed."""

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from db.backups.programs import BackupError

_NAME: Final = "booking-desk-%Y-%m-%dT%H%M%SZ.dump"
_BACKUP: Final = re.compile(r"booking-desk-\d{4}-\d\d-\d\dT\d{6}Z\.dump")
_UNFINISHED: Final = ".unfinished"
_OURS_ALONE: Final = 0o600


def backups_in(directory: Path) -> Sequence[Path]:
    """Return the backups of a directory, the oldest first."""
    return sorted(path for path in directory.glob("*") if _BACKUP.fullmatch(path.name))


def newest_in(directory: Path) -> datetime | None:
    """Return when the newest backup of a directory was begun; None without a backup."""
    backups = backups_in(directory)
    return begun_at(backups[-1]) if backups else None


def begun_at(backup: Path) -> datetime:
    """Return when a backup was begun."""
    return datetime.strptime(backup.name, _NAME).replace(tzinfo=UTC)


@contextmanager
def new_backup(directory: Path, *, keep: int) -> Iterator[tuple[Path, Path]]:
    """Yield the path of a backup and the file to write, which gets this name when it is whole.

    Then only the newest `keep` backups of the directory are kept. If the block raises, nothing
    has changed.

    Raises:
        BackupError: somebody else writes a backup to this directory.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(directory) as descriptor:
        for left in directory.glob(f"*{_UNFINISHED}"):
            left.unlink()
        backup = directory / f"{datetime.now(UTC):{_NAME}}"
        unfinished = backup.with_name(backup.name + _UNFINISHED)
        try:
            unfinished.touch(_OURS_ALONE, exist_ok=False)
            yield backup, unfinished
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.rename(backup)
            os.fsync(descriptor)
        finally:
            unfinished.unlink(missing_ok=True)
        for old in backups_in(directory)[: -max(keep, 1)]:
            old.unlink()


@contextmanager
def _alone_in(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError:
        raise BackupError(f"Another backup is being written to {directory}.") from None
    finally:
        os.close(descriptor)
