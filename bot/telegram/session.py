"""Calls to Telegram: their timeout, and whether a failed one may have had an effect."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientError, ClientTimeout
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import BytesPayload

from bot.telegram import speed
from bot.telegram.incoming import load

REQUEST_SECONDS: Final = 8
"""The timeout of a call; a long poll adds its own waiting time to it."""


_UNREADABLE: Final = "the answer cannot be read"
_LONGEST_PAUSE: Final = 24 * 60 * 60


@dataclass(slots=True)
class RequestSent:
    """Whether a request has left this machine, at least in part."""

    left: bool = False


_watched: Final[ContextVar[RequestSent | None]] = ContextVar("request_sent", default=None)


@contextmanager
def watching_request() -> Iterator[RequestSent]:
    """Watch the request that is made in the block.

    A request that fails before it leaves was certainly not accepted; any other may have been.
    """
    request = RequestSent()
    token = _watched.set(request)
    try:
        yield request
    finally:
        _watched.reset(token)


def is_watched() -> bool:
    """Whether the request is made in a block of `watching_request`."""
    return _watched.get() is not None


def _note_sent() -> None:
    request = _watched.get()
    if request is not None:
        request.left = True


class WatchedSession(AiohttpSession):
    """aiogram's session, whose requests note when they leave."""

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api, timeout=REQUEST_SECONDS, json_loads=load)
        self._is_over = False

    def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> Coroutine[Any, Any, TelegramType]:
        """Send the parameters as JSON, or in aiogram's way if they have files.

        A request that comes after the end is refused: aiogram would open connections for it that
        nobody closes.
        """
        if self._is_over:
            raise TelegramNetworkError(method, "the program ends")
        try:
            body = _Body(speed.to_json(method, bot.default), content_type="application/json")
        except TypeError:
            # The body that aiogram builds does not note when it leaves.
            _note_sent()
            return self._upload(bot, method, timeout)
        seconds = self.timeout if timeout is None else timeout
        return self._post(bot, method, body, ClientTimeout(total=seconds))

    async def _upload(
        self, bot: Bot, method: TelegramMethod[TelegramType], seconds: int | None
    ) -> TelegramType:
        try:
            return await super().make_request(bot, method, seconds)
        except UnicodeDecodeError as error:
            raise TelegramNetworkError(method, _UNREADABLE) from error

    async def _post(
        self, bot: Bot, method: TelegramMethod[TelegramType], body: "_Body", limit: ClientTimeout
    ) -> TelegramType:
        session = await self.create_session()
        url = self.api.api_url(bot.token, method.__api_method__)
        try:
            async with session.post(
                url, data=body, timeout=limit, allow_redirects=False
            ) as answer:
                content: Any = await answer.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method, "Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method, f"{type(error).__name__}: {error}") from error
        result = (
            speed.read_result(bot, method, content) if answer.status == HTTPStatus.OK else None
        )
        if result is None:
            result = self.check_response(bot, method, answer.status, content).result
        return cast(TelegramType, result)

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Return the answer.

        Two kinds of answers become server errors, because Telegram has accepted nothing: those of
        what stands before it, and "too many requests" without a duration. Another answer that
        cannot be read is no answer; who reads updates gets those that can be.
        """
        words = f"HTTP status {status_code}"
        try:
            response = super().check_response(bot, method, status_code, content)
        except TelegramRetryAfter as error:
            error.retry_after = min(max(error.retry_after, 1), _LONGEST_PAUSE)
            raise
        except TelegramAPIError as error:
            if status_code == HTTPStatus.TOO_MANY_REQUESTS:
                raise TelegramServerError(method, words) from error
            error.message = error.message or words
            raise
        except (ClientDecodeError, TypeError) as error:
            if _not_accepted(status_code):
                raise TelegramServerError(method, words) from error
            if isinstance(method, GetUpdates) and isinstance(error, ClientDecodeError):
                raise
            raise TelegramNetworkError(method, _UNREADABLE) from error
        if response.result is None:
            raise TelegramNetworkError(method, _UNREADABLE)
        return response

    async def close(self) -> None:
        # aiogram would also sleep for 0.25 s, although aiohttp waits for its connections itself.
        self._is_over = self._session is not None
        if self._session is not None:
            await self._session.close()


def _not_accepted(status_code: int) -> bool:
    """Whether the status of a page says that Telegram has not accepted the request.

    Firewalls, captive portals and proxies that cannot reach it answer with pages.

    A gateway timeout does not, because the gateway has passed the request on.
    """
    return status_code >= HTTPStatus.MULTIPLE_CHOICES and status_code != HTTPStatus.GATEWAY_TIMEOUT


class _Body(BytesPayload):
    """The body of a request, which leaves together with the headers."""

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        _note_sent()
        await super().write_with_length(writer, content_length)
