"""How delivery is doing."""

from dataclasses import dataclass
from datetime import datetime

from db.models.messages import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How delivery is doing."""

    server_version: str
    """PostgreSQL's."""
    size: int
    """Messages that are due and have not ended."""
    oldest: datetime | None
    """Since when the longest due of them has been due; None when there is none."""
    paused_until: datetime | None
    """While Telegram wants nothing to be sent."""
    last_error: Attempt | None
