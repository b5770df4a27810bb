"""What bots have asked of Telegram, and what they were told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.accounts import BotAccount


@dataclass(eq=False)
class Call:
    """One Bot API call. What concerns its end is None while it is being carried out."""

    bot: BotAccount
    method: str
    parameters: Mapping[str, Any]
    """As the bot sent them, values that are JSON decoded."""
    started: datetime
    finished: datetime | None = None
    status: int | None = None
    """The HTTP status; None also for a call whose answer was not Telegram's, or was cut off."""
    body: Mapping[str, Any] | None = None
    """The answer the call has earned, even if a cut connection kept it from the bot."""

    @property
    def ok(self) -> bool:
        return self.status == 200
