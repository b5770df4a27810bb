"""Sending what is owed."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramAPIError, TelegramBadRequest
from aiogram.types import Message

from bot.running.repeat import AGAIN, is_stopped
from bot.services.deliveries import Delivery, DeliveryService, Ended, Outcome, Sent
from bot.telegram.refusals import Refusal, refusal_of
from bot.telegram.session import REQUEST_SECONDS, RequestSent, watching_request
from bot.workers.letters import Letter, Letters
from bot.workers.outcomes import outcome_of, outcome_of_stop
from db.errors import DatabaseUnavailable
from db.models import Claim, MessageState, Reason
from db.outbox import LOOKED_FOR_EVERY
from keyboards.notices import without_profile

_TAKE_OVER_SECONDS: Final = 2
"""How often somebody looks for what dead workers held."""
LEASE: Final = timedelta(seconds=2 * REQUEST_SECONDS - _TAKE_OVER_SECONDS)
"""With the look that follows, what is held comes back after two requests' time at most."""
_BATCH_SECONDS: Final = 0.1
"""No more is claimed than can be sent in so long: a welcome must overtake what is in bulk."""
_MOST_UNDER_WAY: Final = 8
"""Requests at once; Telegram takes some 50 ms for each."""
_LONGEST_WAIT: Final = 2.0
"""A claim that would wait longer for its slot is given back, before its lease runs out."""
_POLL_SECONDS: Final = LOOKED_FOR_EVERY.total_seconds()
"""How long anything waits at most whose notification got lost."""
_BREATH_SECONDS: Final = 0.05
"""What is due yet held up, by its chat's gate or another worker, is asked for again."""
_REWRITE_SECONDS: Final = 0.5

logger = structlog.get_logger(__name__)


class DeliveryWorker:
    """Sends due messages with one bot; any number of replicas may run one each."""

    def __init__(
        self,
        service: DeliveryService,
        bot: Bot,
        letters: Letters,
        *,
        rate: float,
        tasks: asyncio.TaskGroup,
    ) -> None:
        """Send at most `rate` messages a second; each request is one of `tasks`."""
        self._service = service
        self._bot = bot
        self._letters = letters
        self._batch = max(1, round(rate * _BATCH_SECONDS))
        self._tasks = tasks
        self._under_way: set[asyncio.Task[None]] = set()
        self._database_was_there = False

    async def run_once(self) -> float:
        """Send what is due, a tenth of a second's worth of it.

        Returns:
            The seconds after which there may be more.
        """
        waiting = deque(await self._claimed())
        if not waiting:
            return await self._pause()
        try:
            while waiting:
                await self._room()
                if await self._admitted(waiting[0].claim):
                    self._start(waiting[0])
                waiting.popleft()
        finally:
            # Only a stop or an error leaves any here; nobody else could send them for a lease.
            for delivery in waiting:
                await self._service.release(delivery.claim)
        return AGAIN

    async def _claimed(self) -> Sequence[Delivery]:
        """Claim what is due; a stop in that very moment gives it back at once."""
        # Not one of `tasks`: a database that is away must not end everything else.
        claiming = asyncio.ensure_future(self._service.claim(self._batch, lease=LEASE))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            for delivery in await claiming:
                await self._service.release(delivery.claim)
            raise

    async def reclaim(self) -> float:
        """Take over what dead workers held, and say what may arrive twice therefore.

        When the database comes back the living write first what they have waited with.
        """
        was_there, self._database_was_there = self._database_was_there, False
        if was_there:
            for message in await self._service.reclaim():
                logger.warning(
                    "a program died while it sent this message; it may arrive twice",
                    message=message.id,
                    booking=message.booking_id,
                )
        else:
            await self._service.ping()
        self._database_was_there = True
        return _TAKE_OVER_SECONDS

    async def finish(self, seconds: float) -> None:
        """Let the requests under way come to their end, at most for so long.

        Of those that do not, it is written what they may have done.
        """
        if self._under_way:
            _, unfinished = await asyncio.wait(self._under_way, timeout=seconds)
            for task in unfinished:
                task.cancel()

    async def _pause(self) -> float:
        seconds = await self._service.seconds_to_next()
        return (
            _POLL_SECONDS if seconds is None else min(max(seconds, _BREATH_SECONDS), _POLL_SECONDS)
        )

    async def _admitted(self, claim: Claim) -> bool:
        """Wait for the bot's next slot; False when the message is not to be sent now."""
        while (seconds := await self._service.pass_gate(claim)) > 0:
            if seconds > _LONGEST_WAIT:
                await self._service.release(claim)
                return False
            await asyncio.sleep(seconds)
        return seconds == 0

    async def _room(self) -> None:
        """Wait until one more request may be under way; a slot taken before would go stale."""
        while len(self._under_way) >= _MOST_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _start(self, delivery: Delivery) -> None:
        task = self._tasks.create_task(self._send(delivery))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, delivery: Delivery) -> None:
        claim = delivery.claim
        with watching_request() as request:
            try:
                letter = self._letters.compose(delivery)
                outcome, detail = await self._attempt(claim, letter, request)
                await self._write(claim, outcome, letter.text, detail)
            except Exception as error:
                # One message must not take the others with it, nor be tried for ever.
                logger.exception("a message met a fault of ours", message=claim.id)
                await self._give_up(claim, error, left=request.left)

    async def _give_up(self, claim: Claim, error: Exception, *, left: bool) -> None:
        broken = Ended(MessageState.UNKNOWN if left else MessageState.FAILED, Reason.BROKEN)
        try:
            await self._write(claim, broken, None, type(error).__name__)
        except Exception:
            logger.exception("an outcome cannot be written", message=claim.id)

    async def _attempt(
        self, claim: Claim, letter: Letter, request: RequestSent
    ) -> tuple[Outcome, str | None]:
        """Send the letter; return what came of it, and Telegram's words if it was not taken."""
        try:
            sent = await self._request(claim.message.chat_id, letter)
        except AiogramError as error:
            outcome = outcome_of(error, left=request.left, tries=claim.message.tries)
            words = error.message if isinstance(error, TelegramAPIError) else str(error)
            logger.info("not sent", message=claim.id, outcome=outcome, error=words)
            return outcome, words
        except asyncio.CancelledError:
            logger.warning("stopped while Telegram had not answered", message=claim.id)
            return outcome_of_stop(left=request.left), None
        return Sent(sent.message_id), None

    async def _request(self, chat_id: int, letter: Letter) -> Message:
        try:
            return await self._bot.send_message(chat_id, letter.text, reply_markup=letter.markup)
        except TelegramBadRequest as error:
            if refusal_of(error) is not Refusal.HIDDEN_PROFILE:
                raise
            return await self._bot.send_message(
                chat_id, letter.text, reply_markup=without_profile(letter.markup)
            )

    async def _write(
        self, claim: Claim, outcome: Outcome, text: str | None, detail: str | None
    ) -> None:
        """Write what became of a message, however long the database is away, but for a stop.

        Forgetting it would send the message again.
        """
        while True:
            try:
                await self._service.record(claim, outcome, text=text, detail=detail)
            except DatabaseUnavailable as error:
                logger.warning("an outcome waits for the database", reason=str(error))
                if is_stopped():
                    # The lease ends it, as a message that may arrive twice.
                    return
                await asyncio.sleep(_REWRITE_SECONDS)
            else:
                return
