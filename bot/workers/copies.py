"""Drawing cards and notices again that are not true any more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.methods import EditMessageText

from bot.errors import SearchForgotten
from bot.i18n import Translators
from bot.logs import told
from bot.running.repeat import AGAIN
from bot.screens import bookings, notices
from bot.screens.backlog import arrivals, review
from bot.screens.screen import Screen
from bot.services.outbox.copies import CopyService, Redrawing
from bot.telegram import speed
from bot.telegram.refusals import Refusal, refusal_of
from bot.views.bookings import Card, Gone
from bot.views.outbox import Arrivals, Notice
from bot.views.review import ReviewCard, ReviewEnd
from bot.workers.outcomes import is_done_already
from db.errors import DatabaseUnavailable
from db.models.copies import Copy
from keyboards.markup import Markup
from keyboards.notices import without_profile
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.review import ReviewButton

_AT_ONCE: Final = 4
_LOOK_SECONDS: Final = 5.0
"""The longest delay of a copy whose notification was lost."""
_REST_SECONDS: Final = 0.5
"""The longest pause while a chat rests whose copies may be due."""
_BREATH_SECONDS: Final = 0.1
"""The pause when another replica was quicker."""
_SOON_SECONDS: Final = 1.0
_AGAIN_AFTER: Final = timedelta(seconds=5)
"""The pause after Telegram was out of reach."""

logger = structlog.get_logger(__name__)


class CopyWorker:
    """Draws due copies again, at the pace of the bot and of each chat; every replica runs one."""

    def __init__(
        self,
        service: CopyService,
        bot: Bot,
        translators: Translators,
        *,
        slot: Callable[[], Awaitable[float]],
    ) -> None:
        """`slot` takes the bot's next slot, and returns the seconds until it begins."""
        self._service = service
        self._bot = bot
        self._translators = translators
        self._slot = slot

    async def run_once(self) -> float:
        """Write what was noted, draw what is due, and return the seconds until the next call."""
        await self._service.write()
        seconds = await self._service.seconds_to_next()
        if seconds != 0:
            longest = _REST_SECONDS if self._service.allowance.resting() else _LOOK_SECONDS
            return longest if seconds is None else min(seconds, longest)
        # Before the claim, because a press on a claimed message waits.
        if seconds := await self._slot():
            return seconds
        drawings = await self._service.claim(limit=_AT_ONCE)
        await asyncio.gather(
            *(self._draw(drawing, has_slot=n == 0) for n, drawing in enumerate(drawings))
        )
        return AGAIN if drawings else _BREATH_SECONDS

    async def finish(self, seconds: float) -> None:
        """Write what was noted last."""
        with suppress(DatabaseUnavailable, TimeoutError):
            async with asyncio.timeout(seconds):
                await self._service.write()

    async def _draw(self, drawing: Redrawing, *, has_slot: bool) -> None:
        try:
            if round_ := _review_of(drawing.copy):
                drawing = await self._service.reviewed(drawing, round_.round, round_.booking)
            screen = self._screen(drawing)
        except DatabaseUnavailable:
            raise
        except SearchForgotten:
            # The list that was reviewed is forgotten, as its buttons say when they are pressed.
            await self._service.forget(drawing)
            return
        except Exception:
            # One broken copy must neither stop the others nor be tried forever.
            logger.exception("a copy cannot be drawn", booking=drawing.copy.booking_id)
            await self._service.forget(drawing)
            return
        if has_slot or await self._has_slot_soon():
            self._service.allowance.spend(drawing.copy.chat_id)
            await self._edit(drawing, screen)
        else:
            await self._service.settle(drawing, again=datetime.now(UTC))

    async def _has_slot_soon(self) -> bool:
        """Take a slot; False if it is far away."""
        while seconds := await self._slot():
            if seconds > _SOON_SECONDS:
                return False
            await asyncio.sleep(seconds)
        return True

    def _screen(self, drawing: Redrawing) -> Screen:
        """Return what the copy has to show."""
        now = datetime.now(UTC)
        t = self._translators.of(drawing.language, now)
        match drawing.view:
            case Card() as card:
                button = CardButton.unpack(drawing.copy.payload or "")
                return bookings.booking_card(t, card, button.place)
            case ReviewCard() | ReviewEnd() as shown:
                return review.review(t, shown)
            case Notice() as notice:
                students_t = self._translators.of(notice.language, now)
                return notices.unreached(t, students_t, notice, bot=self._service.student_bot)
            case Arrivals() as new:
                return arrivals.arrivals(t, new)
            case Gone(booking_id) if round_ := _review_of(drawing.copy):
                return review.gone(t, booking_id, round_.round)
            case Gone(booking_id):
                return bookings.gone(t, booking_id)

    async def _edit(self, drawing: Redrawing, screen: Screen) -> None:
        try:
            await self._request(drawing.copy, screen.text, screen.markup)
        except AiogramError as error:
            await self._after(error, drawing)
        else:
            await self._drawn(drawing)

    async def _request(self, copy: Copy, text: str, buttons: Markup | None) -> None:
        edit = speed.build_method(
            EditMessageText,
            chat_id=copy.chat_id,
            message_id=copy.message_id,
            text=text,
            reply_markup=buttons,
        )
        try:
            await edit.as_(self._bot)
        except TelegramBadRequest as error:
            # The privacy settings of some people forbid a link to their profile.
            without = buttons and without_profile(buttons)
            if without == buttons or refusal_of(error) is not Refusal.HIDDEN_PROFILE:
                raise
            await self._request(copy, text, without)

    async def _drawn(self, drawing: Redrawing) -> None:
        over = isinstance(drawing.view, ReviewEnd) and drawing.again is None
        if over or isinstance(drawing.view, Gone):
            # A new booking may get the number.
            await self._service.forget(drawing)
        else:
            await self._service.settle(drawing, again=drawing.again)

    async def _after(self, error: AiogramError, drawing: Redrawing) -> None:
        """Settle what Telegram has not drawn."""
        now = datetime.now(UTC)
        match error:
            case _ if is_done_already(error):
                await self._drawn(drawing)
            case TelegramRetryAfter():
                again = now + timedelta(seconds=error.retry_after)
                await self._service.settle(drawing, again=again)
            case TelegramBadRequest() | TelegramForbiddenError() | TelegramMigrateToChat():
                # The message is deleted, or its chat is gone.
                logger.info("a copy is gone", booking=drawing.copy.booking_id, reason=told(error))
                await self._service.forget(drawing)
            case _:
                logger.info(
                    "a copy waits for Telegram",
                    booking=drawing.copy.booking_id,
                    reason=told(error),
                )
                await self._service.settle(drawing, again=now + _AGAIN_AFTER)


def _review_of(copy: Copy) -> ReviewButton | None:
    """Return the button that leads to the same screen, if that is a review."""
    payload = copy.payload or ""
    is_review = payload.partition(":")[0] == ReviewButton.__prefix__
    return ReviewButton.unpack(payload) if is_review else None
