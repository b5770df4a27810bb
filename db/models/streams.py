"""Streams of courses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A cohort of a course."""

    id: int
    course_id: int
    code: str
    name: str | None
    is_open: bool
    """An admin may move a booking into it."""
