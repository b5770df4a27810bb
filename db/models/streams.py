"""Streams of courses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream of a course."""

    id: int
    course_id: int
    code: str
    name: str | None
    is_open: bool
    """Whether an admin may move a booking into it."""
