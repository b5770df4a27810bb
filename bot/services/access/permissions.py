"""What somebody may do at the desk."""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto

from bot.errors import NotAllowed


class Permission(Enum):
    """One thing that some may do and others may not."""

    READ = auto()
    """See bookings, students, messages and the log."""
    DECIDE = auto()
    """Confirm, cancel, move and undo."""
    DELIVER = auto()
    """Send messages again, withdraw them, settle them by hand."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do, and for the bookings of which courses."""

    permissions: Set[Permission]
    courses: Set[int] | None = None
    """None: all of them, and bookings without a course."""

    def check(self, permission: Permission) -> None:
        """Let who has the permission pass.

        Raises:
            NotAllowed: they do not have it.
        """
        if permission not in self.permissions:
            raise NotAllowed

    def allow(self, course_id: int | None) -> None:
        """Let who may see the bookings of this course pass.

        Raises:
            NotAllowed: they may not.
        """
        if self.courses is not None and course_id not in self.courses:
            raise NotAllowed
