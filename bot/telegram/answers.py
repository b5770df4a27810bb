"""Answers to people who are not admins, at the pace of their bot."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError, TelegramRetryAfter

from bot.running.pace import Pace
from bot.running.turns import Line
from db.errors import DatabaseUnavailable

_AT_ONCE: Final = 8
_MOST: Final = 5000
"""Chats that wait for an answer; at the usual pace the last of them waits for minutes."""
_TRIES: Final = 3
_BLIND_SECONDS: Final = 0.1
"""Between two answers while the database cannot keep the pace."""

Answer: TypeAlias = Callable[[], Awaitable[object]]

logger = structlog.get_logger(__name__)


class Answers:
    """The newest answer to each chat, one a second there, and no more together than the bot may.

    They are kept in memory, and a program that dies loses them. So they only say something: what
    an update changes is written before.
    """

    def __init__(self, slot: Callable[[], Awaitable[float]], *, most: int = _MOST) -> None:
        """Let at most so many chats wait for an answer.

        `slot` takes the bot's next slot, or returns the seconds until it begins.
        """
        self._slot = slot
        self._most = most
        self._owed: dict[int, Answer] = {}
        self._pace = Pace()
        self._line = Line(_AT_ONCE, 1)
        self._slots = asyncio.Lock()
        self._giving: set[asyncio.Task[None]] = set()

    def owe(self, chat_id: int, answer: Answer) -> None:
        """Answer as soon as it is this chat's turn, instead of an answer that still waits."""
        is_waiting = chat_id in self._owed
        if len(self._owed) >= self._most and not is_waiting:
            logger.warning("too many people wait for an answer, and one gets none")
            return
        self._owed[chat_id] = answer
        if not is_waiting:
            task = asyncio.create_task(self._give(chat_id))
            self._giving.add(task)
            task.add_done_callback(self._giving.discard)

    async def finish(self, seconds: float) -> None:
        """Give what is owed, as far as there is time."""
        if self._giving:
            _, unfinished = await asyncio.wait(self._giving, timeout=seconds)
            for task in unfinished:
                task.cancel()

    async def _give(self, chat_id: int) -> None:
        await self._pace.wait(chat_id)
        for _ in range(_TRIES):
            async with self._line.turn(chat_id):
                await self._take_slot()
                self._pace.begin(chat_id)
                answer = self._owed.pop(chat_id)
                seconds = await _given(answer)
            if seconds is None or chat_id in self._owed:
                return
            self._owed[chat_id] = answer
            await asyncio.sleep(seconds)
        del self._owed[chat_id]

    async def _take_slot(self) -> None:
        # One asks for all, because the others would only find the slot taken.
        async with self._slots:
            try:
                await self._wait_for_slot()
            except DatabaseUnavailable:
                await asyncio.sleep(_BLIND_SECONDS)

    async def _wait_for_slot(self) -> None:
        while True:
            seconds = await self._slot()
            if not seconds:
                return
            await asyncio.sleep(seconds)


async def _given(answer: Answer) -> float | None:
    """Answer; return the seconds after which to try again, None when that is of no use."""
    try:
        await answer()
    except TelegramForbiddenError as error:
        logger.info("an answer was not wanted", reason=error.message)
    except TelegramRetryAfter as error:
        return float(error.retry_after)
    except TelegramAPIError as error:
        logger.warning("an answer was not taken", error=error)
    except DatabaseUnavailable as error:
        logger.warning("an answer waits for the database", reason=error)
        return 1.0
    except Exception:
        logger.exception("an answer failed")
    return None
