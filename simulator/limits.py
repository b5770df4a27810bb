"""Telegram's flood control, as far as it is known.

Reference: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
How penalties grow is not published; here each message sent during a pause doubles it.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from aiogram.enums import ChatType

from simulator.accounts import BotAccount
from simulator.chats.chats import Chat
from simulator.errors import too_many_requests


@dataclass
class _Bucket:
    """So many messages at once, then so many a second."""

    capacity: int
    rate: float
    level: float
    refilled: float
    pause: int = 0
    until: float = 0

    def take(self, now: float) -> int:
        """Take one message out; return for how many seconds to send none, 0 if it was there."""
        if now < self.until:
            self.pause *= 2
            self.until = now + self.pause
            return self.pause
        self.level = min(self.capacity, self.level + (now - self.refilled) * self.rate)
        self.refilled = now
        if self.level >= 1:
            self.level -= 1
            return 0
        self.pause = math.ceil((1 - self.level) / self.rate)
        self.until = now + self.pause
        return self.pause


class Limits:
    """How much each bot has sent lately: in all, and to each chat."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, int], _Bucket] = {}

    def take(self, bot: BotAccount, chat: Chat, now: datetime) -> None:
        """Count a message.

        Raises:
            ApiError: it is one too many.
        """
        in_group = chat.about.type != ChatType.PRIVATE
        capacity, rate = (20, 20 / 60) if in_group else (3, 1)
        for key, size, speed in (((bot.id, chat.id), capacity, rate), ((bot.id, 0), 30, 30)):
            moment = now.timestamp()
            bucket = self._buckets.setdefault(key, _Bucket(size, speed, size, moment))
            pause = bucket.take(moment)
            if pause:
                raise too_many_requests(pause)
