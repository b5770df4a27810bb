"""How the desk is doing, as admins see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.models.outbox import Attempt, QueueState
from db.models.signs import Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskState:
    """What the database says."""

    queue: QueueState
    last_error: Attempt | None
    """The last attempt to send a message that did not."""
    undelivered: int
    """The number of messages that have ended, or wait for their reader, without arriving."""
    alarms: Sequence[Sign]
    """What is not well, and the staff was told of."""
