"""The outbox for workers: claiming messages, and recording the outcome of their sending."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeVar

import structlog

from bot.metrics import Meter
from bot.services.outbox.outcomes import Ended, Later, Moved, Outcome, Paused, Sent
from db.database import Database, UnitOfWork
from db.errors import DatabaseUnavailable
from db.models.outbox import Claim, Message, MessageState, Reason, Sender

MOST_ATTEMPTS: Final = 10
"""A message ends after so many tries in a row, because it may kill its worker each time."""

B_co = TypeVar("B_co", covariant=True)

logger = structlog.get_logger(__name__)


class Kind(Protocol[B_co]):
    """A kind of messages, as the queue sees it."""

    async def prepare(self, uow: UnitOfWork, message: Message) -> B_co | Ended:
        """Return the brief for composing the message, or the end of one that must not be sent.

        It runs in the transaction that claims the message.
        """

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Write what follows from the end of the message in this state.

        It runs in the transaction that records the end.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed message, and the brief from its kind."""

    claim: Claim
    brief: object


def interval_of(rate: float) -> timedelta:
    """Return the time between two slots at so many messages a second."""
    # Slightly more than 1/rate, so that no second has one message too many.
    return timedelta(seconds=1.02 / rate)


class DeliveryService:
    """The outbox for the worker of one bot.

    Raises:
        DatabaseUnavailable: from every method.
    """

    def __init__(
        self,
        db: Database,
        kinds: Mapping[str, Kind[object]],
        *,
        bot_id: int,
        senders: Sequence[Sender],
        rate: float,
        meter: Meter | None = None,
    ) -> None:
        """Let all replicas together send `rate` messages a second with this bot."""
        self._meter = meter or Meter()
        self._db = db
        self._kinds = kinds
        self._bot_id = bot_id
        self._senders = senders
        # Reachability is only recorded for the bot that writes to students.
        self._tracks_people = Sender.STUDENTS in senders
        self._interval = interval_of(rate)
        self._refused: set[int] = set()

    async def open(self) -> None:
        async with self._db.transaction() as uow:
            await uow.gates.build(self._bot_id)

    async def ping(self) -> None:
        """Check that the database answers."""
        await self._db.ping()

    async def claim(self, limit: int, *, lease: timedelta) -> Sequence[Delivery]:
        """Claim due messages, and end those that must not be sent any more."""
        try:
            return await self._claim(limit, lease)
        except DatabaseUnavailable:
            raise
        except Exception:
            # One broken message must not block the others.
            logger.exception(
                "the messages could not be prepared together; they are prepared one by one"
            )
            return await self._claim(limit, lease, apart=True)

    async def seconds_to_next(self) -> float | None:
        """Return the seconds until a message may be due; None if none is queued."""
        async with self._db.statement() as uow:
            return await uow.queue.seconds_to_next(self._bot_id, self._senders, list(self._kinds))

    async def pass_gate(self, claim: Claim, *, repeatable: bool = False) -> float:
        """Take the bot's next slot; see `GateRepository.pass_through`."""
        async with self._db.statement() as uow:
            return await uow.gates.pass_through(
                self._bot_id, claim, self._interval, repeatable=repeatable
            )

    async def hold(self, chat_id: int, duration: timedelta) -> None:
        """Pause sending to this chat on every replica."""
        async with self._db.transaction() as uow:
            await uow.gates.hold(self._bot_id, chat_id, duration)

    async def release(self, claim: Claim) -> None:
        """Release a message whose sending has not begun."""
        async with self._db.transaction() as uow:
            await uow.queue.release(claim)

    async def reclaim(
        self, *, kept: Sequence[Claim] = (), lease: timedelta = timedelta(0)
    ) -> Sequence[Message]:
        """Queue the messages of dead workers again; return those that may arrive twice.

        The lease of those in `kept` begins anew: their outcome is known, if not written yet.
        """
        async with self._db.transaction() as uow:
            for claim in kept:
                await uow.queue.keep(claim, lease)
            return await uow.queue.reclaim()

    async def record(
        self, claim: Claim, outcome: Outcome, *, text: str | None, detail: str | None = None
    ) -> None:
        """Record the outcome of the attempt; `detail` quotes Telegram."""
        try:
            await self._record(claim, outcome, text, detail)
        except DatabaseUnavailable:
            raise
        except Exception:
            # A message that is not recorded as sent would be sent again.
            logger.exception(
                "an outcome could not be recorded with what follows it; it is recorded alone",
                message=claim.id,
            )
            await self._record(claim, outcome, text, detail, apart=True)
        self._measure(claim, outcome)

    def _measure(self, claim: Claim, outcome: Outcome) -> None:
        match outcome:
            case Sent(more=True):
                return
            case Sent():
                delay = datetime.now(UTC) - claim.message.created_at
                self._meter.delivery("sent", max(0.0, delay.total_seconds()))
            case Ended(state):
                self._meter.delivery(state)
            case _:
                self._meter.delivery(type(outcome).__name__.lower())

    async def _claim(
        self, limit: int, lease: timedelta, *, apart: bool = False
    ) -> Sequence[Delivery]:
        """Claim and prepare; `apart` isolates each message in a savepoint: two more statements."""
        async with self._db.transaction() as uow:
            claims = await uow.queue.claim(
                self._bot_id, self._senders, list(self._kinds), limit, lease=lease
            )
            deliveries = []
            for claim in claims:
                brief = await self._prepare(uow, claim.message, apart=apart)
                if isinstance(brief, Ended):
                    await self._end(uow, claim, brief, None, None, apart=apart)
                else:
                    deliveries.append(Delivery(claim=claim, brief=brief))
        return deliveries

    async def _prepare(self, uow: UnitOfWork, message: Message, *, apart: bool) -> object | Ended:
        kind = self._kinds[message.kind]
        try:
            async with uow.savepoint() if apart else nullcontext():
                brief = await kind.prepare(uow, message)
        except DatabaseUnavailable:
            raise
        except Exception:
            if not apart:
                raise
            logger.exception("a message cannot be prepared", message=message.id)
            return Ended(MessageState.FAILED, Reason.BROKEN)
        if message.tries > MOST_ATTEMPTS and not isinstance(brief, Ended):
            return Ended(MessageState.FAILED, Reason.GAVE_UP)
        return brief

    async def _record(
        self,
        claim: Claim,
        outcome: Outcome,
        text: str | None,
        detail: str | None,
        *,
        apart: bool = False,
    ) -> None:
        async with self._db.transaction() as uow:
            match outcome:
                case Sent():
                    self._refused.clear()
                    await self._sent(uow, claim, outcome, text, apart=apart)
                case Ended():
                    await self._end(uow, claim, outcome, text, detail, apart=apart)
                case Later(reason, delay):
                    await uow.queue.postpone(claim, delay, reason=reason, text=text, detail=detail)
                case Paused(duration):
                    await self._pause(uow, claim.message.chat_id, duration)
                    await uow.queue.postpone(
                        claim,
                        duration,
                        reason=Reason.TOO_MANY_REQUESTS,
                        text=text,
                        detail=detail,
                        counts=False,
                    )
                case Moved(chat_id):
                    await uow.groups.redirect(claim.message.chat_id, chat_id)
                    await uow.queue.postpone(claim, timedelta(0), reason=None, counts=False)

    async def _pause(self, uow: UnitOfWork, chat_id: int, duration: timedelta) -> None:
        """Hold what Telegram's refusal is about.

        It does not say. One is about its chat; when another chat is refused as well, and nothing
        was taken in between, it is about sending in general.
        """
        self._refused.add(chat_id)
        if len(self._refused) > 1:
            await uow.gates.pause(self._bot_id, duration)
        await uow.gates.hold(self._bot_id, chat_id, duration)

    async def _sent(
        self, uow: UnitOfWork, claim: Claim, sent: Sent, text: str | None, *, apart: bool
    ) -> None:
        telegram_id = sent.telegram_message_id
        if sent.more:
            await uow.queue.proceed(
                self._bot_id, claim, text=text, telegram_message_id=telegram_id
            )
        else:
            held = await uow.queue.end(
                claim, MessageState.SENT, text=text, telegram_message_id=telegram_id
            )
            if held:
                await self._follow(uow, claim.message, MessageState.SENT, apart=apart)
        if self._tracks_people and telegram_id is not None:
            await uow.people.reached(claim.message.chat_id, since=claim.claimed_at)

    async def _end(
        self,
        uow: UnitOfWork,
        claim: Claim,
        outcome: Ended,
        text: str | None,
        detail: str | None,
        *,
        apart: bool,
    ) -> None:
        message = claim.message
        if (
            self._tracks_people
            and outcome.reachability is not None
            and not await uow.people.out_of_reach(
                message.chat_id, outcome.reachability, since=claim.claimed_at
            )
        ):
            # The person came back while the message was under way, so nothing else would wake it.
            await uow.queue.postpone(claim, timedelta(0), reason=outcome.reason)
            return
        held = await uow.queue.end(
            claim, outcome.state, reason=outcome.reason, text=text, detail=detail
        )
        if held:
            await self._follow(uow, message, outcome.state, apart=apart)

    async def _follow(
        self, uow: UnitOfWork, message: Message, state: MessageState, *, apart: bool
    ) -> None:
        try:
            async with uow.savepoint() if apart else nullcontext():
                await self._kinds[message.kind].follow(uow, message, state)
        except DatabaseUnavailable:
            raise
        except Exception:
            if not apart:
                raise
            logger.exception(
                "what follows the end of a message could not be written", message=message.id
            )
