"""What is measured of the desk's work.

Labels have few values, and none of them comes from a person.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar


class Meter:
    """Notes what happens; this one, of a desk that nobody measures, notes nothing."""

    is_read: ClassVar = False
    """Whether anybody reads what it notes."""

    look: Callable[[], None]
    """Called before each reading, to set the levels that cost nothing."""

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return all numbers in a format that `accept` names, and its content type."""
        return b"", "text/plain"

    def update(self, bot: str, kind: str, outcome: str, seconds: float) -> None:
        """An update of the bot was handled."""

    def call(self, method: str, outcome: str) -> None:
        """Telegram answered a call, or did not."""

    def pause(self, seconds: float) -> None:
        """Telegram asked for a pause."""

    def delivery(self, outcome: str, seconds: float | None = None) -> None:
        """An attempt to send a message has ended; `seconds` after it was owed if it was sent."""

    def request(self, route: str, method: str, code: int, seconds: float) -> None:
        """A request over HTTP was answered."""

    def acquired(self, seconds: float) -> None:
        """A connection to PostgreSQL was waited for."""

    def lag(self, seconds: float) -> None:
        """The event loop was late by so much."""

    def level(self, name: str, value: float) -> None:
        """The present value of what goes up and down."""

    def levels(self, name: str, values: Mapping[str, float]) -> None:
        """The present values, by the one label there is."""
