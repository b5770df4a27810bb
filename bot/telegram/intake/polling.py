"""Fetching updates by long polling, which Telegram allows one replica at a time."""

import asyncio
from collections.abc import Sequence
from typing import Final, NoReturn

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
)
from aiogram.methods import GetUpdates
from aiogram.types import Update
from structlog.contextvars import bound_contextvars

from bot.running.leader import LeaderLock
from bot.running.repeat import AGAIN, Work, repeat
from bot.telegram.intake.updates import read_updates
from bot.telegram.refusals import Refusal, refusal_of
from bot.telegram.session import REQUEST_SECONDS
from db.database import Database
from db.errors import DatabaseUnavailable

DRAIN_SECONDS: Final = 3
"""The longest that a stop waits for the updates that are being handled."""
_POLL_SECONDS: Final = 10
_RETRY_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 3.0 * _POLL_SECONDS
_MOST_AT_HAND: Final = 1000
"""Updates that wait or are handled; with more of them nothing is fetched."""

logger = structlog.get_logger(__name__)


class Polling:
    """The polling of one bot, on one replica at a time."""

    mode: Final = "polling"

    def __init__(self, db: Database, bot: Bot, dispatcher: Dispatcher) -> None:
        self._leader = LeaderLock(db, f"polling {bot.id}")
        self._poller = Poller(bot, dispatcher)

    @property
    def works(self) -> Sequence[Work]:
        return [self._leader.keep, self._poll]

    @property
    def leads(self) -> bool:
        """Whether it is this replica's turn."""
        return self._leader.begun.is_set()

    @property
    def is_well(self) -> bool:
        """Whether this replica gets the bot's updates."""
        return self.leads and self._poller.is_answered

    @property
    def is_ready(self) -> bool:
        """Whether this replica gets the bot's updates, or another one has the turn."""
        return self._leader.ended.is_set() or self._poller.is_answered

    async def _poll(self) -> NoReturn:
        """Poll while this replica is the leader; when cancelled, finish the updates at hand."""
        try:
            while True:
                await self._leader.begun.wait()
                async with asyncio.TaskGroup() as tasks:
                    polling = tasks.create_task(repeat(self._poller.fetch))
                    await self._leader.ended.wait()
                    polling.cancel()
        finally:
            await self._poller.drain(DRAIN_SECONDS)


class Poller:
    """Fetches the updates of a bot, and handles them concurrently.

    It fetches ahead of what is handled, because an admin may press behind a crowd of strangers.
    """

    def __init__(
        self, bot: Bot, dispatcher: Dispatcher, *, patience: float = _SILENT_SECONDS
    ) -> None:
        """Hold Telegram for silent after `patience` seconds without an answer."""
        self._bot = bot
        self._dispatcher = dispatcher
        self._patience = patience
        self._request = GetUpdates(
            # Telegram remembers the last list, so every call sends it.
            allowed_updates=dispatcher.resolve_used_update_types(),
        )
        self._handling: set[asyncio.Task[None]] = set()
        self._answered_at = float("-inf")

    @property
    def is_answered(self) -> bool:
        """Whether Telegram has just answered with updates, or that there are none."""
        silent = asyncio.get_running_loop().time() - self._answered_at
        return silent < self._patience

    async def fetch(self) -> float:
        """Fetch updates once, and start handling them.

        Returns:
            The seconds after which to fetch again.
        """
        while len(self._handling) >= _MOST_AT_HAND:
            await asyncio.wait(self._handling, return_when=asyncio.FIRST_COMPLETED)
        # After a silence it shows at once whether Telegram answers.
        self._request.timeout = _POLL_SECONDS if self.is_answered else 0
        try:
            updates = await self._updates()
        except TelegramConflictError as error:
            return await self._contend(error)
        except TelegramRetryAfter as error:
            logger.warning("asked for updates too often", bot=self._bot.id, reason=error)
            return float(error.retry_after)
        except AiogramError as error:
            logger.warning("updates cannot be fetched", bot=self._bot.id, reason=error)
            return _RETRY_SECONDS
        self._answered_at = asyncio.get_running_loop().time()
        # After a quiet week Telegram chooses a new update_id, and a higher offset would drop what
        # comes. An empty answer confirms everything before it, so the offset can be left out.
        self._request.offset = None
        for update in updates:
            self._begin(update)
            # The offset of the next call confirms this update.
            self._request.offset = update.update_id + 1
        return AGAIN

    async def _updates(self) -> Sequence[Update]:
        try:
            # Session middlewares are skipped: a pause of polling is not one of messages.
            return await self._bot.session.make_request(
                self._bot, self._request, timeout=REQUEST_SECONDS + _POLL_SECONDS
            )
        except ClientDecodeError as error:
            match error.data:
                case {"result": [*contents]}:
                    if updates := read_updates(contents, self._bot):
                        return updates
            # The error quotes the answer, and what people write does not belong in the log.
            raise TelegramNetworkError(self._request, "the answer cannot be read") from None

    async def _contend(self, conflict: TelegramConflictError) -> float:
        """Remove a webhook that blocks polling; wait if another program polls."""
        if refusal_of(conflict) is not Refusal.WEBHOOK_IN_USE:
            logger.warning(
                "another program polls this bot as well, and Telegram serves one at a time: stop"
                " that one, or leave STUDENT_BOT_POLLING out where the school's own bot polls;"
                " trying again",
                bot=self._bot.id,
            )
            return _RETRY_SECONDS
        # A desk with a webhook that is being replaced may set its webhook once more.
        logger.warning(
            "a webhook is set and is removed, because this program polls", bot=self._bot.id
        )
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except AiogramError as error:
            logger.warning("the webhook is not removed", bot=self._bot.id, reason=error)
            return _RETRY_SECONDS
        return AGAIN

    async def drain(self, seconds: float) -> None:
        """Wait until no update is being handled, or the time is over."""
        if self._handling:
            await asyncio.wait(self._handling, timeout=seconds)

    def _begin(self, update: Update) -> None:
        task = asyncio.create_task(self._handle(update))
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _handle(self, update: Update) -> None:
        with bound_contextvars(update_id=update.update_id):
            try:
                while True:
                    if await self._handled(update):
                        return
                    await asyncio.sleep(_RETRY_SECONDS)
            except Exception:
                # Repeating the update would fail again half-way; the person can ask again.
                logger.exception("an update failed")

    async def _handled(self, update: Update) -> bool:
        """Handle the update; whether that was possible. Telegram does not bring it again."""
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except DatabaseUnavailable as error:
            logger.warning("an update waits", reason=error)
            return False
        return True
