"""The time it is in Telegram."""

from datetime import UTC, datetime, timedelta
from typing import Final

#: Telegram counts seconds in 32 bits.
_LATEST: Final = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)


class Clock:
    """The wall clock, and as far ahead of it as a test has moved it.

    Ages, penalties and expiry dates follow this clock. Waiting (long polling, a delayed
    answer) takes real time, so a clock moved ahead ends no wait.
    """

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._stopped: datetime | None = None

    def now(self) -> datetime:
        return (self._stopped or datetime.now(UTC)) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Let time pass.

        Raises:
            ValueError: Telegram has no date that late.
        """
        if by > _LATEST - self.now():
            raise ValueError(f"the clock goes no further than {_LATEST:%Y-%m-%d}")
        self._ahead += by

    def stop(self) -> None:
        """Let no time pass from now on but what `advance` adds."""
        self._stopped = self._stopped or datetime.now(UTC)
