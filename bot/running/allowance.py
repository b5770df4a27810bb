"""How much a chat may still hear before Telegram refuses."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class _Rule:
    """So many messages at once, then so many a second; the last ones are kept for presses."""

    most: float
    a_second: float
    kept: float


_PERSON: Final = _Rule(most=3, a_second=1, kept=1)
_GROUP: Final = _Rule(most=20, a_second=20 / 60, kept=5)


class Allowance:
    """Of each chat, as far as this program writes there; a group's id is below zero."""

    def __init__(self) -> None:
        self._left: dict[int, tuple[float, float]] = {}
        """Messages left, and when that was: of the admins and their group, who are few."""

    def spend(self, chat_id: int) -> None:
        """Count a message, or an edit of one."""
        now = asyncio.get_running_loop().time()
        left = self._at(chat_id, now)
        self._left[chat_id] = (max(0, left - 1), now)

    def resting(self) -> Sequence[int]:
        """Return the chats that should hear nothing now but the answers to their own presses."""
        now = asyncio.get_running_loop().time()
        return [
            chat_id for chat_id in self._left if self._at(chat_id, now) < 1 + _rule(chat_id).kept
        ]

    def _at(self, chat_id: int, now: float) -> float:
        rule = _rule(chat_id)
        left, then = self._left.get(chat_id, (rule.most, now))
        return min(rule.most, left + (now - then) * rule.a_second)


def _rule(chat_id: int) -> _Rule:
    return _GROUP if chat_id < 0 else _PERSON
