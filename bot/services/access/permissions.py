"""Permissions at the desk."""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto

from bot.errors import NotAllowed


class Permission(Enum):
    """One thing that an actor may be allowed to do."""

    READ = auto()
    """See bookings, students, messages and the log."""
    DECIDE = auto()
    """Confirm, cancel, move and undo."""
    ADD = auto()
    """Add bookings, by hand or with a file, and take that back."""
    CONFIGURE = auto()
    """Change what the school has set: its reasons for a cancellation."""
    DELIVER = auto()
    """Send messages again, withdraw them, mark them as told by hand."""


@dataclass(frozen=True, slots=True)
class Access:
    """The permissions of one person, and the courses they hold for."""

    permissions: Set[Permission]
    courses: Set[int] | None = None
    """None means all courses, and bookings without one."""

    def check(self, permission: Permission) -> None:
        """Check that the person has the permission.

        Raises:
            NotAllowed: they do not.
        """
        if permission not in self.permissions:
            raise NotAllowed

    def allow(self, course_id: int | None) -> None:
        """Check that the person may see the bookings of this course.

        Raises:
            NotAllowed: they may not.
        """
        if self.courses is not None and course_id not in self.courses:
            raise NotAllowed
