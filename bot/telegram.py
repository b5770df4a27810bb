"""How the program calls Telegram: for how long, what a failed call may have done, and pauses."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientSession, TraceConfig, TraceRequestHeadersSentParams

REQUEST_SECONDS: Final = 8
"""How long an answer is waited for; a long poll may take so much longer than it asked for."""
_LONGEST_PAUSE: Final = timedelta(seconds=10)
"""Whoever pressed a button has turned away by then."""


@dataclass(slots=True)
class Departure:
    """Whether a request has left this machine, at least in part."""

    left: bool = False


_departure: Final[ContextVar[Departure | None]] = ContextVar("departure", default=None)


@contextmanager
def watching_departure() -> Iterator[Departure]:
    """Watch the request that is made in the block.

    A request that fails before it left was surely not taken; of any other nobody can tell.
    """
    departure = Departure()
    token = _departure.set(departure)
    try:
        yield departure
    finally:
        _departure.reset(token)


class WatchedSession(AiohttpSession):
    """aiogram's session, whose requests say when they leave."""

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api, timeout=REQUEST_SECONDS)

    async def create_session(self) -> ClientSession:
        session = await super().create_session()
        if not session.trace_configs:
            trace = TraceConfig()
            trace.on_request_headers_sent.append(_note_departure)
            trace.freeze()
            session.trace_configs.append(trace)
        return session

    async def close(self) -> None:
        # aiohttp waits for its connections by itself; aiogram would sleep for another 0.25 s.
        if self._session is not None:
            await self._session.close()


async def _note_departure(
    _: ClientSession, __: SimpleNamespace, ___: TraceRequestHeadersSentParams
) -> None:
    departure = _departure.get()
    if departure is not None:
        departure.left = True


class PauseMiddleware(BaseRequestMiddleware):
    """Wait out a short pause that Telegram asks of an answer to a person, and tell the gate.

    Deliveries are left alone: they give their message back and pause at the gate themselves.
    """

    def __init__(self, pause: Callable[[timedelta], Awaitable[None]]) -> None:
        """Take what makes the bot's deliveries pause, too."""
        self._pause = pause

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            duration = timedelta(seconds=error.retry_after)
            if _departure.get() is not None:
                raise
            await self._pause(duration)
            if duration > _LONGEST_PAUSE:
                raise
        await asyncio.sleep(duration.total_seconds())
        return await make_request(bot, method)
