"""The order of presses: what is on the screen is what was pressed last."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeAlias

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

_REMEMBERED: Final = 1000
"""Messages; an older press on any other was not held up for so long."""

Place: TypeAlias = tuple[int | None, int | str | None]
"""A message: its chat and its number there, or its inline id."""
Handler: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(eq=False, slots=True)
class _Drawing:
    """What a press draws."""

    press: int
    task: asyncio.Task[Any] | None
    is_outdated: bool = False


@dataclass(slots=True)
class _Screens:
    """The newest drawing on each message."""

    newest: dict[Place, _Drawing] = field(default_factory=dict)

    def begin(self, place: Place, drawing: _Drawing) -> bool:
        """End an older drawing on this message; False when there is a newer one."""
        before = self.newest.get(place)
        if before is not None and before.press > drawing.press:
            return False
        if before is not None and before.task is not None:
            before.is_outdated = True
            before.task.cancel()
        self.newest.pop(place, None)
        self.newest[place] = drawing
        if len(self.newest) > _REMEMBERED:
            del self.newest[next(iter(self.newest))]
        return True


_press: Final[ContextVar[tuple[int, _Screens] | None]] = ContextVar("press", default=None)


class PressOrder(BaseMiddleware):
    """Number the presses in the order in which they come."""

    def __init__(self) -> None:
        self._numbers = count()
        self._screens = _Screens()

    async def __call__(
        self, handler: Handler, event: TelegramObject, data: dict[str, Any]
    ) -> object:
        # It stays for the rest of the update, whose errors are drawn, too.
        _press.set((next(self._numbers), self._screens))
        return await handler(event, data)


async def draw_in_order(place: Place, draw: Callable[[], Awaitable[None]]) -> None:
    """Draw, unless a newer press on the same message draws; that ends a drawing under way."""
    pressed = _press.get()
    if pressed is None:
        await draw()
        return
    number, screens = pressed
    task = asyncio.current_task()
    drawing = _Drawing(number, task)
    if not screens.begin(place, drawing):
        return
    try:
        await draw()
    except asyncio.CancelledError:
        if not drawing.is_outdated or task is None:
            raise
        task.uncancel()
    finally:
        drawing.task = None
