"""Sending the messages of the outbox."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import Message

from bot.i18n import Translators
from bot.kinds.acts import Act, Delete, Edit, Kind, Send
from bot.logs import told
from bot.running.repeat import AGAIN, is_stopped
from bot.services.outbox.delivery import Delivery, DeliveryService
from bot.services.outbox.outcomes import Ended, Outcome, Sent
from bot.telegram.refusals import Refusal, refusal_of
from bot.telegram.session import REQUEST_SECONDS, RequestSent, watching_request
from bot.workers.outcomes import is_done_already, outcome_of, outcome_of_stop
from bot.workers.requests import request_of
from db.errors import DatabaseUnavailable
from db.models.outbox import LOOKED_FOR_EVERY, Claim, MessageState, Reason
from keyboards.notices import without_profile

_TAKE_OVER_SECONDS: Final = 2
"""How often each replica looks for messages of dead workers."""
LEASE: Final = timedelta(seconds=2 * REQUEST_SECONDS - _TAKE_OVER_SECONDS)
"""Together with one look for dead workers this is the time of two requests."""
_BATCH_SECONDS: Final = 0.1
"""A claim takes no more than can be sent in this time, so that a welcome overtakes bulk."""
_MOST_UNDER_WAY: Final = 8
"""Requests at once; Telegram needs about 50 ms for each."""
_LONGEST_WAIT: Final = 2.0
"""A claim that would wait longer for its slot is released, before its lease ends."""
_POLL_SECONDS: Final = LOOKED_FOR_EVERY.total_seconds()
"""The longest delay of a message whose notification was lost."""
_BREATH_SECONDS: Final = 0.05
"""The pause before a due message is tried again that its chat or another worker holds up."""
_REWRITE_SECONDS: Final = 0.5
_LAST_WRITE_SECONDS: Final = 1.0
"""The most for writing an outcome during a stop."""
_REFUSED_SECONDS: Final = 5.0
"""The pause after the database has refused an outcome because of a fault of this program."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Step:
    """The next act of a claimed message."""

    claim: Claim
    act: Act
    more: bool
    """Another act follows."""

    @property
    def text(self) -> str | None:
        """The text that the outbox records, as HTML."""
        return None if isinstance(self.act, Delete) else self.act.part.html


class DeliveryWorker:
    """Sends due messages with one bot; every replica may run one."""

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
        """Messages whose outcome is known and not yet written."""
        self._database_answered = False

    async def run_once(self) -> float:
        """Send due messages, as many as the rate allows in a tenth of a second.

        Returns:
            The seconds after which more may be due.
        """
        waiting = deque(await self._claim())
        if not waiting:
            return await self._pause()
        try:
            while waiting:
                await self._begin(waiting[0])
                waiting.popleft()
        finally:
            # After a stop or an error, others could not send the rest before the lease ends.
            for delivery in waiting:
                await self._service.release(delivery.claim)
        return AGAIN

    async def _claim(self) -> Sequence[Delivery]:
        """Claim due messages; a stop in the meantime releases them at once."""
        # A task of its own, because an error in one of `tasks` would end all of them.
        claiming = asyncio.ensure_future(self._service.claim(self._batch, lease=LEASE))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            for delivery in await claiming:
                await self._service.release(delivery.claim)
            raise

    async def reclaim(self) -> float:
        """Queue the messages of dead workers again, and log those that may arrive twice.

        After the database comes back this waits one turn, so that living workers record first.
        """
        was_there, self._database_answered = self._database_answered, False
        if was_there:
            # Nobody may send a message again whose outcome is known here.
            kept = tuple(self._unwritten.values())
            for message in await self._service.reclaim(kept=kept, lease=LEASE):
                logger.warning(
                    "a program died while it sent this message; it may arrive twice",
                    message=message.id,
                    booking=message.booking_id,
                )
        else:
            await self._service.ping()
        self._database_answered = True
        return _TAKE_OVER_SECONDS

    async def finish(self, seconds: float) -> None:
        """Wait for the requests under way, then cancel the others.

        A cancelled request records that its act may have been carried out.
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
        """Start the next act of the message, as soon as its slot comes."""
        claim = delivery.claim
        try:
            step = self._step(delivery)
        except Exception as error:
            # One broken message must neither stop the others nor be tried forever.
            logger.exception("a message cannot be composed", message=claim.id)
            self._start(self._settle(claim, *_broken(error, left=False)))
            return
        if step is None:
            # Its kind has fewer acts now than are done already.
            self._start(self._settle(claim, Sent(None), None))
            return
        await self._wait_for_room()
        if await self._admitted(claim, repeatable=step.act.repeatable):
            self._start(self._send(step))

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
        """Wait for the bot's next slot; return False if the message cannot be sent now."""
        while seconds := await self._service.pass_gate(claim, repeatable=repeatable):
            if not 0 < seconds <= _LONGEST_WAIT:
                await self._service.release(claim)
                return False
            await asyncio.sleep(seconds)
        return True

    async def _wait_for_room(self) -> None:
        """Wait until another request may be under way; the slot is taken only then."""
        while len(self._under_way) >= _MOST_UNDER_WAY:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._tasks.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, step: _Step) -> None:
        claim = step.claim
        with watching_request() as request:
            try:
                outcome, detail = await self._attempt(step, request)
            except Exception as error:
                # One broken message must neither stop the others nor be tried forever.
                logger.exception(
                    "an act of a message failed with an error of this program", message=claim.id
                )
                outcome, detail = _broken(error, left=_may_be_done(step, request))
        await self._settle(claim, outcome, detail, text=step.text)

    async def _attempt(self, step: _Step, request: RequestSent) -> tuple[Outcome, str | None]:
        """Carry out the act; return the outcome, and Telegram's words if it refuses."""
        message, act = step.claim.message, step.act
        try:
            answer = await self._request(message.chat_id, act)
        except AiogramError as error:
            if act.repeatable and is_done_already(error):
                return Sent(None, step.more), None
            left = _may_be_done(step, request)
            outcome = outcome_of(error, left=left, tries=message.tries)
            detail = told(error)
            logger.info("not sent", message=message.id, outcome=outcome, error=detail)
            return outcome, detail
        except asyncio.CancelledError:
            logger.warning("stopped while Telegram had not answered", message=message.id)
            return outcome_of_stop(left=_may_be_done(step, request)), None
        telegram_id = (
            answer.message_id if isinstance(act, Send) and isinstance(answer, Message) else None
        )
        return Sent(telegram_id, step.more), None

    async def _request(self, chat_id: int, act: Act) -> object:
        try:
            return await self._bot(request_of(chat_id, act))
        except TelegramBadRequest as error:
            # The privacy settings of some people forbid a link to their profile.
            if refusal_of(error) is not Refusal.HIDDEN_PROFILE or isinstance(act, Delete):
                raise
            return await self._bot(request_of(chat_id, _without_profile(act)))

    async def _settle(
        self, claim: Claim, outcome: Outcome, detail: str | None, *, text: str | None = None
    ) -> None:
        """Record the outcome, and keep the claim until it is recorded or the program stops."""
        self._unwritten[claim.id] = claim
        try:
            await self._write(claim, outcome, detail, text)
        finally:
            del self._unwritten[claim.id]

    async def _write(
        self, claim: Claim, outcome: Outcome, detail: str | None, text: str | None
    ) -> None:
        """Record the outcome; while the database does not take it, try until a stop.

        A lost outcome would send the message again, and another one would be untrue.
        """
        while True:
            try:
                async with asyncio.timeout(_LAST_WRITE_SECONDS if is_stopped() else None):
                    await self._service.record(claim, outcome, text=text, detail=detail)
            except (DatabaseUnavailable, TimeoutError) as error:
                logger.warning("an outcome waits for the database", reason=error)
                pause = _REWRITE_SECONDS
            except Exception:
                logger.exception("an outcome cannot be written", message=claim.id)
                pause = _REFUSED_SECONDS
            else:
                return
            if is_stopped():
                # The end of the lease marks it as a message that may arrive twice.
                return
            await asyncio.sleep(pause)


def _broken(error: Exception, *, left: bool) -> tuple[Outcome, str]:
    """Return the end of a message after an error of this program, and the error's name."""
    state = MessageState.UNKNOWN if left else MessageState.FAILED
    return Ended(state, Reason.BROKEN), type(error).__name__


def _may_be_done(step: _Step, request: RequestSent) -> bool:
    """Whether the act may have been carried out, and would do harm if repeated."""
    return request.left and not step.act.repeatable


def _without_profile(act: Send | Edit) -> Send | Edit:
    markup = act.part.markup and without_profile(act.part.markup)
    return replace(act, part=replace(act.part, markup=markup))
