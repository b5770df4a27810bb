"""The people and the bot of the tests' school."""

from collections.abc import Awaitable, Callable
from typing import Final

DESK_TOKEN: Final = "1001:desk-token-of-the-tests"
ANNA_ID: Final = 11
BORIS_ID: Final = 12
VERA_ID: Final = 13

MakeBooking = Callable[..., Awaitable[int]]
