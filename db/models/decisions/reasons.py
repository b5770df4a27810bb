"""The school's reasons for a cancellation."""

from dataclasses import dataclass
from typing import Final

from db.models.audit import Remark

MOST_REASONS: Final = 8
"""On the list, so that a question fits a phone."""
LONGEST_REASON: Final = 200
"""Characters in one language."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; its texts never change."""

    id: int
    remark: Remark
    """In every language that it was written in."""
