"""Tracebacks that recur: work that fails each second would fill the log with one and the same."""

import math
import sys
import time
from collections.abc import Callable
from typing import Final

from structlog.typing import EventDict

_AGAIN_AFTER: Final = 60.0
_MOST_KNOWN: Final = 1000


class Recurring:
    """Leaves out a traceback that was in the log less than a minute ago; the line stays."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shown: dict[tuple[object, ...], float] = {}
        """When the traceback of an error at a place was shown, by line, kind and place."""

    def __call__(self, _: object, __: str, event: EventDict) -> EventDict:
        """Return the line, with the place and kind of the error in place of its traceback."""
        error = _error_of(event)
        if error is None:
            return event
        name, place = type(error).__qualname__, _place_of(error)
        what = event.get("logger"), event.get("event"), name, place
        now = self._clock()
        if now - self._shown.get(what, -math.inf) < _AGAIN_AFTER:
            del event["exc_info"]
            event["again"] = f"{name} at {place}"
            return event
        if len(self._shown) >= _MOST_KNOWN:
            self._shown.clear()
        self._shown[what] = now
        return event


def _error_of(event: EventDict) -> BaseException | None:
    match event.get("exc_info"):
        case True:
            return sys.exc_info()[1]
        case BaseException() as error:
            return error
        case (_, BaseException() as error, _):
            return error
    return None


def _place_of(error: BaseException) -> str:
    """Return the file and the line that raised it."""
    traceback = error.__traceback__
    if traceback is None:
        return "nowhere"
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
