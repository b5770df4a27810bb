"""One line of what the look at a database says."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a line means for the start."""

    OK = "ok"
    NOTE = "note"
    """The desk works; somebody may want to know."""
    REFUSED = "no"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the look."""

    verdict: Verdict
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.verdict:<6}{self.subject:<12}{self.text}"


def ok(subject: str, text: str) -> Line:
    return Line(Verdict.OK, subject, text)


def note(subject: str, text: str) -> Line:
    return Line(Verdict.NOTE, subject, text)


def refused(subject: str, text: str) -> Line:
    return Line(Verdict.REFUSED, subject, text)
