"""What the desk watches of itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

DESK: Final = "desk"
"""The sign that any replica lives."""
OUTBOX: Final = "outbox"
"""The sign that messages leave."""
SPEAKER: Final = "speaker"
"""The sign of the one replica that tells the staff that the database is away."""
BACKUP: Final = "backup"
"""The sign that there is a backup, which is as old as its contents."""
_UPDATES: Final = "updates of "


def updates_of(bot: str) -> str:
    """Return the sign that the updates of the bot with this username come to the desk."""
    return f"{_UPDATES}{bot}"


def bot_of(sign: "Sign") -> str:
    """Return the username of the bot whose updates the sign is about."""
    return sign.name.removeprefix(_UPDATES)


class Sign(NamedTuple):
    """One thing that is watched, after a look at it."""

    name: str
    well_at: datetime
    """When a replica last saw it well."""
    unwell_for: timedelta
    """How long ago that is, by PostgreSQL's clock."""
    alarmed_at: datetime | None
    """Since when the staff knows that it is not well; None if it does not."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The moment at which a replica notes that it lives, by PostgreSQL's clock."""

    now: datetime
    before: datetime | None
    """When a replica did so last; None if that is not known, or the last one was told to end."""
    speaks: bool
    """Whether this replica is the one that speaks, should the database go away."""
    spoke: datetime | None
    """When the one that spoke before noted that it lives."""

    @property
    def gap(self) -> timedelta | None:
        return None if self.before is None else self.now - self.before
