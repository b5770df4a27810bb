"""The receiver: updates that Telegram brings to a webhook, on all replicas at once.

An update is answered after it is handled. An earlier answer would lose it if the program dies;
without an answer Telegram brings it again, to any replica. A claim in the database makes what an
admin does act only once: first a lease for the time of handling, then for good. What others do is
not claimed, because it only gets an answer, or notes what may be noted twice.
"""

import asyncio
from collections.abc import Sequence, Set
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError
from aiogram.types import Update, WebhookInfo
from structlog.contextvars import bound_contextvars

from bot.running.repeat import Work, repeat
from bot.settings import Webhook
from bot.telegram.incoming import load
from bot.telegram.intake.updates import person_of, read_update
from db.database import Database
from db.errors import DatabaseUnavailable
from db.updates import Arrival

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
_AT_ONCE: Final = 100
"""Telegram's most; behind those of a crowd waits an admin's."""
_HANDLING_SECONDS: Final = 20
"""The most for one update; Telegram waits for a minute, and proxies wait for half a minute."""
_MARGIN: Final = timedelta(seconds=2)
"""A lease lasts this much longer than the handling, which a timeout ends."""
_BROUGHT_FOR: Final = timedelta(minutes=2)
"""An update that times out for longer is dropped, because it would delay later ones."""
_KEPT_FOR: Final = timedelta(days=2)
"""Longer than Telegram keeps an update."""
_WATCH_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 2.0

logger = structlog.get_logger(__name__)


class WebhookReceiver:
    """The webhook of one bot: keeps it set, and handles its updates."""

    mode: Final = "webhook"

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        *,
        db: Database,
        address: Webhook,
        admins: Set[int],
        patience: float = _HANDLING_SECONDS,
    ) -> None:
        """Handle an update for at most `patience` seconds."""
        self._bot = bot
        self._dispatcher = dispatcher
        self._db = db
        self._url = address.url
        self._secret = address.secret.get_secret_value()
        self._admins = admins
        self._patience = patience
        self._is_reached = True
        self.path: Final = urlsplit(address.url).path or "/"
        self.is_set = False
        self.pending = 0
        """The number of updates that Telegram has not brought yet, at the last look."""
        self.last_error: datetime | None = None
        """When Telegram could not bring an update for the last time."""

    @property
    def works(self) -> Sequence[Work]:
        return [partial(repeat, self.keep)]

    @property
    def is_ready(self) -> bool:
        """Whether Telegram knows where to bring updates."""
        return self.is_set

    @property
    def is_well(self) -> bool:
        """Whether the webhook is set, and Telegram brings what there is."""
        return self.is_set and self._is_reached

    async def keep(self) -> float:
        """Set the webhook, also after another program has changed it.

        Returns:
            The seconds after which to check again.
        """
        try:
            info = await self._bot.get_webhook_info()
            self.is_set = self.is_set and info.url == self._url
            if not self.is_set:
                await self._set()
        except AiogramError as error:
            logger.warning("the webhook cannot be set or seen", reason=error)
            return _RETRY_SECONDS
        self._report(info)
        return _WATCH_SECONDS

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            # Telegram remembers the last list, so every call sends it.
            allowed_updates=self._dispatcher.resolve_used_update_types(),
            max_connections=_AT_ONCE,
            drop_pending_updates=False,
        )
        self.is_set = True
        logger.info("the webhook is set", bot=self._bot.id)

    def _report(self, info: WebhookInfo) -> None:
        """Log why Telegram cannot reach the address; only Telegram knows that."""
        self.pending = info.pending_update_count
        if self.pending == 0:
            self._is_reached = True
        if info.last_error_date != self.last_error:
            self._is_reached = self.pending == 0
            self.last_error = info.last_error_date
            logger.warning(
                "Telegram could not bring an update",
                at=str(info.last_error_date),
                reason=info.last_error_message,
                waiting=self.pending,
            )

    def trusts(self, secret: str) -> bool:
        """Whether the secret proves that an update comes from Telegram."""
        # compare_digest takes only ASCII strings, and a stranger's header may have any bytes.
        return compare_digest(secret.encode("utf-8", "surrogateescape"), self._secret.encode())

    async def receive(self, content: bytes) -> HTTPStatus:
        """Handle an update; any status but 200 makes Telegram bring it again."""
        try:
            update = read_update(load(content), self._bot)
        except ValueError:
            logger.warning("what came to the webhook is no update", bot=self._bot.id)
            return HTTPStatus.BAD_REQUEST
        with bound_contextvars(update_id=update.update_id):
            return await self._take(update, is_claimed=person_of(update) in self._admins)

    async def _take(self, update: Update, *, is_claimed: bool) -> HTTPStatus:
        try:
            async with asyncio.timeout(self._patience):
                match await self._claim(update) if is_claimed else Arrival.NEW:
                    case Arrival.HANDLED:
                        return HTTPStatus.OK
                    case Arrival.NOT_NOW:
                        return HTTPStatus.SERVICE_UNAVAILABLE
                    case Arrival.NEW:
                        await self._dispatcher.feed_update(self._bot, update)
        except TimeoutError:
            logger.warning("an update takes too long")
            return await self._give_back(update, _BROUGHT_FOR)
        except DatabaseUnavailable as error:
            logger.warning("an update waits", reason=error)
            return await self._give_back(update, _KEPT_FOR)
        except Exception:
            # Repeating the update would fail again half-way; the person can repeat the request.
            logger.exception("an update failed")
        if is_claimed:
            await self._settle(update)
        return HTTPStatus.OK

    async def _claim(self, update: Update) -> Arrival:
        lease = timedelta(seconds=self._patience) + _MARGIN
        try:
            async with self._db.statement() as uow:
                return await uow.updates.claim(self._bot.id, update.update_id, lease=lease)
        except DatabaseUnavailable:
            # The admin gets an error at once, and can repeat the request.
            return Arrival.NEW

    async def _give_back(self, update: Update, time: timedelta) -> HTTPStatus:
        """Let Telegram bring the update again, until it has done so for so long."""
        over = False
        with suppress(DatabaseUnavailable):
            async with self._db.statement() as uow:
                over = await uow.updates.give_back(self._bot.id, update.update_id, time)
        return HTTPStatus.OK if over else HTTPStatus.SERVICE_UNAVAILABLE

    async def _settle(self, update: Update) -> None:
        # Without the mark the update is handled twice only if this answer is lost, too.
        with suppress(DatabaseUnavailable):
            async with self._db.statement() as uow:
                await uow.updates.handled(self._bot.id, update.update_id)
