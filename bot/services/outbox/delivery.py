"""What becomes of a message that a worker holds. How it is sent is the worker's business."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeAlias, TypeVar

import structlog

from db.database import Database, UnitOfWork
from db.errors import DatabaseUnavailable
from db.models.bookings import Reachability
from db.models.outbox import Claim, Message, MessageState, Reason, Sender

MOST_ATTEMPTS: Final = 10
"""A message that was begun so often in a row ends, be it that it kills its worker each time."""

B_co = TypeVar("B_co", covariant=True)

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has taken the message, or a part of it."""

    telegram_message_id: int | None
    """None when nothing new is in the chat."""
    more: bool = False
    """Another part follows."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The attempt was the last one, at least until something changes."""

    state: MessageState
    reason: Reason
    reachability: Reachability | None = None
    """What it says about the person."""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was sent; it is worth another attempt after `delay`."""

    reason: Reason
    delay: timedelta


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing was sent: Telegram wants nothing for so long. That is no attempt."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was sent: the group has another id now."""

    chat_id: int


Outcome: TypeAlias = Sent | Ended | Later | Paused | Moved


class Kind(Protocol[B_co]):
    """What the queue asks of a kind of messages."""

    async def prepare(self, uow: UnitOfWork, message: Message) -> B_co | Ended:
        """Return what it takes to say the message now, or why it must not be sent any more.

        The transaction is the one that claims the message.
        """

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Write what follows from the message's end in this state.

        The transaction is the one that records the end.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed message, and what its kind has prepared."""

    claim: Claim
    brief: object


class DeliveryService:
    """The outbox as the worker of one bot sees it.

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
    ) -> None:
        """Deliver for one bot, with `rate` messages a second of all replicas together."""
        self._db = db
        self._kinds = kinds
        self._bot_id = bot_id
        self._senders = senders
        # What is known of people is about the bot that writes to students.
        self._meets_people = Sender.STUDENTS in senders
        # A little more than 1/rate, so that no second has one message too many in it.
        self._interval = timedelta(seconds=1.02 / rate)
        self._refused: set[int] = set()

    async def open(self) -> None:
        async with self._db.transaction() as uow:
            await uow.gates.build(self._bot_id)

    async def ping(self) -> None:
        """Ask whether the database is there."""
        await self._db.ping()

    async def claim(self, limit: int, *, lease: timedelta) -> Sequence[Delivery]:
        """Take due messages; those that need not be sent any more are ended at once."""
        try:
            return await self._claim(limit, lease)
        except DatabaseUnavailable:
            raise
        except Exception:
            # One message must not keep the others from being sent.
            logger.exception("messages are prepared one by one")
            return await self._claim(limit, lease, apart=True)

    async def seconds_to_next(self) -> float | None:
        """Return in how many seconds there may be something to send; None while nothing is."""
        async with self._db.statement() as uow:
            return await uow.queue.seconds_to_next(self._bot_id, self._senders, list(self._kinds))

    async def pass_gate(self, claim: Claim, *, repeatable: bool = False) -> float:
        """Take the bot's next slot; see `GateRepository.pass_through`."""
        async with self._db.statement() as uow:
            return await uow.gates.pass_through(
                self._bot_id, claim, self._interval, repeatable=repeatable
            )

    async def hold(self, chat_id: int, duration: timedelta) -> None:
        """Send nothing to this chat for so long, on every replica."""
        async with self._db.transaction() as uow:
            await uow.gates.hold(self._bot_id, chat_id, duration)

    async def release(self, claim: Claim) -> None:
        """Give back a message whose sending has not begun."""
        async with self._db.transaction() as uow:
            await uow.queue.release(claim)

    async def reclaim(self) -> Sequence[Message]:
        """Queue again what dead workers held; return what may arrive twice therefore."""
        async with self._db.transaction() as uow:
            return await uow.queue.reclaim()

    async def record(
        self, claim: Claim, outcome: Outcome, *, text: str | None, detail: str | None = None
    ) -> None:
        """Write what became of the attempt; `detail` is what Telegram said."""
        try:
            await self._record(claim, outcome, text, detail)
        except DatabaseUnavailable:
            raise
        except Exception:
            # What is not marked as sent is sent again.
            logger.exception("an end is written before what follows", message=claim.id)
            await self._record(claim, outcome, text, detail, apart=True)

    async def _claim(
        self, limit: int, lease: timedelta, *, apart: bool = False
    ) -> Sequence[Delivery]:
        """Claim and prepare; `apart` costs two statements more for each message."""
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
                    await uow.outbox.redirect(claim.message.chat_id, chat_id)
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
        number = sent.telegram_message_id
        if sent.more:
            await uow.queue.proceed(self._bot_id, claim, text=text, telegram_message_id=number)
        else:
            held = await uow.queue.end(
                claim, MessageState.SENT, text=text, telegram_message_id=number
            )
            if held:
                await self._follow(uow, claim.message, MessageState.SENT, apart=apart)
        if self._meets_people and number is not None:
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
            self._meets_people
            and outcome.reachability is not None
            and not await uow.people.out_of_reach(
                message.chat_id, outcome.reachability, since=claim.claimed_at
            )
        ):
            # They came while the message was under way, so nothing would wake it.
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
        except Exception:
            if not apart:
                raise
            logger.exception("nothing follows the end of a message", message=message.id)
