"""Sending what is owed."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramAPIError, TelegramBadRequest
from aiogram.types import Message

from bot.i18n import Translators
from bot.kinds.acts import Act, Delete, Edit, Kind, Send
from bot.running.repeat import AGAIN, is_stopped
from bot.services.outbox.delivery import Delivery, DeliveryService, Ended, Outcome, Sent
from bot.telegram.refusals import Refusal, refusal_of
from bot.telegram.session import REQUEST_SECONDS, RequestSent, watching_request
from bot.workers.outcomes import is_done_already, outcome_of, outcome_of_stop
from bot.workers.requests import request_of
from db.errors import DatabaseUnavailable
from db.models.outbox import LOOKED_FOR_EVERY, Claim, MessageState, Reason
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
_LAST_WRITE_SECONDS: Final = 1.0
"""A stop asks the database for no more."""
_REFUSED_SECONDS: Final = 5.0
"""What the database refuses for a reason of its own is not asked of it as often."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is to be done now for a claimed message."""

    claim: Claim
    act: Act
    more: bool
    """Another act follows."""

    @property
    def text(self) -> str | None:
        """What the outbox notes as said: HTML."""
        return None if isinstance(self.act, Delete) else self.act.part.html


class DeliveryWorker:
    """Sends due messages with one bot; any number of replicas may run one each."""

    def __init__(
        self,
        service: DeliveryService,
        bot: Bot,
        kinds: Mapping[str, Kind[Any]],
        translators: Translators,
        *,
        rate: float,
        tasks: asyncio.TaskGroup,
    ) -> None:
        """Send at most `rate` messages a second; each request is one of `tasks`."""
        self._service = service
        self._bot = bot
        self._kinds = kinds
        self._translators = translators
        self._batch = max(1, round(rate * _BATCH_SECONDS))
        self._tasks = tasks
        self._under_way: set[asyncio.Task[None]] = set()
        self._unwritten: dict[int, Claim] = {}
        """Those of which it is known what became of them, and not yet written."""
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
                await self._begin(waiting[0])
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
            # What is known here is nobody's to find out once more.
            kept = tuple(self._unwritten.values())
            for message in await self._service.reclaim(kept=kept, lease=LEASE):
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

    async def _begin(self, delivery: Delivery) -> None:
        """Begin what is to be done next for the message, as soon as it may."""
        claim = delivery.claim
        try:
            step = self._step(delivery)
        except Exception as error:
            # One message must not take the others with it, nor be tried for ever.
            logger.exception("a message cannot be composed", message=claim.id)
            await self._give_up(claim, error, left=False)
            return
        if step is None:
            # Its kind has fewer acts by now than are done.
            await self._write(claim, Sent(None), None, None)
            return
        await self._room()
        if await self._admitted(claim, repeatable=step.act.repeatable):
            self._start(step)

    def _step(self, delivery: Delivery) -> _Step | None:
        claim = delivery.claim
        acts = self._kinds[claim.message.kind].acts(
            self._translators.of(claim.language, datetime.now(UTC)), delivery.brief
        )
        match acts[claim.message.done :]:
            case [act, *rest]:
                return _Step(claim, act, more=bool(rest))
        return None

    async def _admitted(self, claim: Claim, *, repeatable: bool) -> bool:
        """Wait for the bot's next slot; False when the message is not to be sent now."""
        while (seconds := await self._service.pass_gate(claim, repeatable=repeatable)) > 0:
            if seconds > _LONGEST_WAIT:
                await self._service.release(claim)
                return False
            await asyncio.sleep(seconds)
        return seconds == 0

    async def _room(self) -> None:
        """Wait until one more request may be under way; a slot taken before would go stale."""
        while len(self._under_way) >= _MOST_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _start(self, step: _Step) -> None:
        task = self._tasks.create_task(self._send(step))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, step: _Step) -> None:
        claim = step.claim
        with watching_request() as request:
            try:
                outcome, detail = await self._attempt(step, request)
                self._unwritten[claim.id] = claim
                await self._write(claim, outcome, step.text, detail)
            except Exception as error:
                # One message must not take the others with it, nor be tried for ever.
                logger.exception("a message met a fault of ours", message=claim.id)
                await self._give_up(claim, error, left=_may_be_done(step, request))
            finally:
                self._unwritten.pop(claim.id, None)

    async def _give_up(self, claim: Claim, error: Exception, *, left: bool) -> None:
        """End a message that met a fault of ours; what has left is not given back to anybody."""
        broken = Ended(MessageState.UNKNOWN if left else MessageState.FAILED, Reason.BROKEN)
        while True:
            try:
                await self._write(claim, broken, None, type(error).__name__)
            except Exception:
                logger.exception("an outcome cannot be written", message=claim.id)
            else:
                return
            if not left or is_stopped():
                return
            await asyncio.sleep(_REFUSED_SECONDS)

    async def _attempt(self, step: _Step, request: RequestSent) -> tuple[Outcome, str | None]:
        """Carry out the act; return what came of it, and Telegram's words if it was not taken."""
        message, act = step.claim.message, step.act
        try:
            answer = await self._request(message.chat_id, act)
        except AiogramError as error:
            if act.repeatable and is_done_already(error):
                return Sent(None, step.more), None
            left = _may_be_done(step, request)
            outcome = outcome_of(error, left=left, tries=message.tries)
            words = error.message if isinstance(error, TelegramAPIError) else str(error)
            logger.info("not sent", message=message.id, outcome=outcome, error=words)
            return outcome, words
        except asyncio.CancelledError:
            logger.warning("stopped while Telegram had not answered", message=message.id)
            return outcome_of_stop(left=_may_be_done(step, request)), None
        new = answer.message_id if isinstance(act, Send) and isinstance(answer, Message) else None
        return Sent(new, step.more), None

    async def _request(self, chat_id: int, act: Act) -> object:
        try:
            return await self._bot(request_of(chat_id, act))
        except TelegramBadRequest as error:
            # Some people do not let anybody link to their profile.
            if refusal_of(error) is not Refusal.HIDDEN_PROFILE or isinstance(act, Delete):
                raise
            return await self._bot(request_of(chat_id, _without_profile(act)))

    async def _write(
        self, claim: Claim, outcome: Outcome, text: str | None, detail: str | None
    ) -> None:
        """Write what became of a message, however long the database is away, but for a stop.

        Forgetting it would send the message again.
        """
        while True:
            try:
                async with asyncio.timeout(_LAST_WRITE_SECONDS if is_stopped() else None):
                    await self._service.record(claim, outcome, text=text, detail=detail)
            except (DatabaseUnavailable, TimeoutError) as error:
                logger.warning("an outcome waits for the database", reason=str(error))
                if is_stopped():
                    # The lease ends it, as a message that may arrive twice.
                    return
                await asyncio.sleep(_REWRITE_SECONDS)
            else:
                return


def _may_be_done(step: _Step, request: RequestSent) -> bool:
    """Whether the act may have been carried out, and would do harm the second time."""
    return request.left and not step.act.repeatable


def _without_profile(act: Send | Edit) -> Send | Edit:
    markup = act.part.markup and without_profile(act.part.markup)
    return replace(act, part=replace(act.part, markup=markup))
