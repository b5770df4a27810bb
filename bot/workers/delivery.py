"""Sending what is owed to students."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramAPIError

from bot.i18n import Translators
from bot.texts import students as texts
from bot.workers.outcomes import Ended, Later, Outcome, outcome_of
from db.database import Database, UnitOfWork
from db.errors import DatabaseUnavailable
from db.models import Booking, BookingStatus, Claim, MessageState, Reason

BATCH: Final = 3
"""Messages claimed at once: about a tenth of a second of sending."""
REQUEST_SECONDS: Final = 20
LEASE: Final = timedelta(seconds=2 * REQUEST_SECONDS)
PAUSE_SECONDS: Final = 1 / 25
"""Between two messages; Telegram allows about 30 a second."""
MOST_ATTEMPTS: Final = 10
_REWRITE_SECONDS: Final = 0.5
_LONGEST_BACKOFF: Final = timedelta(minutes=10)

logger = structlog.get_logger(__name__)


class DeliveryWorker:
    """Sends due messages with the students' bot; any number of replicas may run one each."""

    def __init__(self, db: Database, bot: Bot, translators: Translators) -> None:
        self._db = db
        self._bot = bot
        self._translators = translators

    async def run_once(self) -> int:
        """Send what is due, at most 3 messages; return how many were claimed."""
        async with self._db.transaction() as uow:
            claims = await uow.outbox.claim(BATCH, lease=LEASE)
            bookings = {each.id: await uow.bookings.get(each.booking_id) for each in claims}
        for claim in claims:
            await self._deliver(claim, bookings[claim.id])
        return len(claims)

    async def _deliver(self, claim: Claim, booking: Booking | None) -> None:
        if booking is None:
            await self._end(claim, Ended(MessageState.WITHDRAWN, Reason.BOOKING_GONE))
        elif booking.status is not BookingStatus.CONFIRMED:
            await self._end(claim, Ended(MessageState.WITHDRAWN, Reason.NOT_CONFIRMED))
        elif claim.attempts > MOST_ATTEMPTS:
            await self._end(claim, Ended(MessageState.FAILED, Reason.GAVE_UP))
        else:
            await self._send(claim, booking)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _send(self, claim: Claim, booking: Booking) -> None:
        text = texts.message(self._translators.of(claim.language), claim.kind, booking)
        try:
            sent = await self._bot.send_message(
                claim.user_id, text, request_timeout=REQUEST_SECONDS
            )
        except (TelegramAPIError, ClientDecodeError) as error:
            await self._not_sent(claim, outcome_of(error), text, error)
        else:
            await self._written(
                lambda uow: uow.outbox.end(
                    claim, MessageState.SENT, text=text, telegram_message_id=sent.message_id
                )
            )

    async def _not_sent(
        self, claim: Claim, outcome: Outcome, text: str, error: AiogramError
    ) -> None:
        logger.info("a message was not sent", message=claim.id, outcome=outcome, error=str(error))
        match outcome:
            case Later(reason=reason, delay=timedelta() as asked):
                await self._written(
                    lambda uow: uow.outbox.postpone(claim, asked, reason=reason, counts=False)
                )
                # Sending during the penalty would lengthen it.
                await asyncio.sleep(asked.total_seconds())
            case Later(reason=reason):
                delay = _backoff(claim.attempts)
                await self._written(lambda uow: uow.outbox.postpone(claim, delay, reason=reason))
            case Ended():
                await self._end(claim, outcome, text)

    async def _end(self, claim: Claim, outcome: Ended, text: str | None = None) -> None:
        async def write(uow: UnitOfWork) -> None:
            if outcome.reachability is None or await uow.people.out_of_reach(
                claim.user_id, outcome.reachability, since=claim.claimed_at
            ):
                await uow.outbox.end(claim, outcome.state, reason=outcome.reason, text=text)
            else:
                # They came while the message was under way, so nothing will wake it.
                await uow.outbox.postpone(claim, timedelta(0), reason=outcome.reason)

        await self._written(write)

    async def _written(self, write: Callable[[UnitOfWork], Awaitable[object]]) -> None:
        """Write what became of a message, however long the database is away.

        Forgetting it would send the message again.
        """
        while True:
            try:
                async with self._db.transaction() as uow:
                    await write(uow)
            except DatabaseUnavailable as error:
                logger.warning("a sent mark waits for the database", reason=str(error))
                await asyncio.sleep(_REWRITE_SECONDS)
            else:
                return


def _backoff(attempts: int) -> timedelta:
    """Double with every attempt up to 10 minutes; the jitter keeps replicas from marching."""
    delay = min(timedelta(seconds=2**attempts), _LONGEST_BACKOFF)
    return delay * random.uniform(0.5, 1)  # noqa: S311
