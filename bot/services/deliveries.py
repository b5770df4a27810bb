"""What becomes of a message that a worker holds. How it is sent is the worker's business."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

from db.database import Database, UnitOfWork
from db.models import (
    Booking,
    BookingStatus,
    Claim,
    Message,
    MessageKind,
    MessageState,
    Reachability,
    Reason,
    Sender,
)

MOST_ATTEMPTS: Final = 10
"""A message that was begun so often in a row ends, be it that it kills its worker each time."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has taken the message."""

    telegram_message_id: int


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
    """Nothing was sent: Telegram wants nothing at all for so long. That is no attempt."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was sent: the group has another id now."""

    chat_id: int


Outcome: TypeAlias = Sent | Ended | Later | Paused | Moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed message, and the booking it is about."""

    claim: Claim
    booking: Booking
    subject: Message | None = None
    """The welcome that the message is, has been replaced by, or tells an admin about."""
    student_language: str | None = None
    """Of the student's client, where the bot has met them."""


class DeliveryService:
    """The outbox as the worker of one bot sees it.

    Raises:
        DatabaseUnavailable: from every method.
    """

    def __init__(
        self,
        db: Database,
        *,
        bot_id: int,
        senders: Sequence[Sender],
        rate: float,
        admins: Set[int],
        staff_chat_id: int | None,
    ) -> None:
        """Deliver for one bot, with `rate` messages a second of all replicas together.

        Of a student out of reach the admin is told who decided the booking, while they are one,
        and the admins' group where there is one; when neither is there, all `admins` are.
        """
        self._db = db
        self._bot_id = bot_id
        self._senders = senders
        # What is known of people is about the bot that writes to students.
        self._meets_people = Sender.STUDENTS in senders
        # A little more than 1/rate, so that no second has one message too many in it.
        self._interval = timedelta(seconds=1.02 / rate)
        self._admins = admins
        self._staff_chat_id = staff_chat_id

    async def open(self) -> None:
        async with self._db.transaction() as uow:
            await uow.gates.build(self._bot_id)

    async def ping(self) -> None:
        """Ask whether the database is there."""
        await self._db.ping()

    async def claim(self, limit: int, *, lease: timedelta) -> Sequence[Delivery]:
        """Take due messages; those that need not be sent any more are ended at once."""
        async with self._db.transaction() as uow:
            claims = await uow.deliveries.claim(self._bot_id, self._senders, limit, lease=lease)
            deliveries = []
            for claim in claims:
                delivery = await _delivery(uow, claim)
                obstacle = _obstacle(delivery)
                if delivery is None or obstacle is not None:
                    await self._end(uow, claim, obstacle or _GONE, None, None)
                else:
                    deliveries.append(delivery)
        return deliveries

    async def seconds_to_next(self) -> float | None:
        """Return in how many seconds there may be something to send; None while nothing is."""
        async with self._db.statement() as uow:
            return await uow.deliveries.seconds_to_next(self._bot_id, self._senders)

    async def pass_gate(self, claim: Claim) -> float:
        """Take the bot's next slot; see `GateRepository.pass_through`."""
        async with self._db.statement() as uow:
            return await uow.gates.pass_through(self._bot_id, claim, self._interval)

    async def pause(self, duration: timedelta) -> None:
        """Send nothing with this bot for so long, on every replica."""
        async with self._db.transaction() as uow:
            await uow.gates.pause(self._bot_id, duration)

    async def release(self, claim: Claim) -> None:
        """Give back a message whose sending has not begun."""
        async with self._db.transaction() as uow:
            await uow.deliveries.release(claim)

    async def reclaim(self) -> Sequence[Message]:
        """Queue again what dead workers held; return what may arrive twice therefore."""
        async with self._db.transaction() as uow:
            return await uow.deliveries.reclaim()

    async def record(
        self, claim: Claim, outcome: Outcome, *, text: str | None, detail: str | None = None
    ) -> None:
        """Write what became of the attempt; `detail` is what Telegram said."""
        async with self._db.transaction() as uow:
            match outcome:
                case Sent(telegram_message_id):
                    await uow.deliveries.end(
                        claim,
                        MessageState.SENT,
                        text=text,
                        telegram_message_id=telegram_message_id,
                    )
                    if self._meets_people:
                        await uow.people.reached(claim.message.chat_id, since=claim.claimed_at)
                case Ended():
                    await self._end(uow, claim, outcome, text, detail)
                case Later(reason, delay):
                    await uow.deliveries.postpone(
                        claim, delay, reason=reason, text=text, detail=detail
                    )
                case Paused(duration):
                    await uow.gates.pause(self._bot_id, duration)
                    await uow.deliveries.postpone(
                        claim,
                        duration,
                        reason=Reason.TOO_MANY_REQUESTS,
                        text=text,
                        detail=detail,
                        counts=False,
                    )
                case Moved(chat_id):
                    await uow.outbox.redirect(claim.message.chat_id, chat_id)
                    await uow.deliveries.postpone(claim, timedelta(0), reason=None, counts=False)

    async def _end(
        self,
        uow: UnitOfWork,
        claim: Claim,
        outcome: Ended,
        text: str | None,
        detail: str | None,
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
            await uow.deliveries.postpone(claim, timedelta(0), reason=outcome.reason)
            return
        held = await uow.deliveries.end(
            claim, outcome.state, reason=outcome.reason, text=text, detail=detail
        )
        if held and message.kind is MessageKind.WELCOME and outcome.state in _WORTH_TELLING:
            await self._tell(uow, message)

    async def _tell(self, uow: UnitOfWork, message: Message) -> None:
        """Owe a word to whoever decided, once: they can reach the student by another way."""
        change = await uow.audit.at(message.booking_id, message.revision)
        decided_by = {change.actor.id} & self._admins if change and change.actor else set[int]()
        staff = {self._staff_chat_id} if self._staff_chat_id else set[int]()
        for chat_id in decided_by | staff or self._admins:
            await uow.outbox.owe(
                MessageKind.UNREACHED,
                booking_id=message.booking_id,
                revision=message.revision,
                chat_id=chat_id,
                sender=Sender.DESK,
            )


_WORTH_TELLING: Final = {MessageState.WAITING, MessageState.FAILED, MessageState.UNKNOWN}
_GONE: Final = Ended(MessageState.WITHDRAWN, Reason.BOOKING_GONE)


async def _delivery(uow: UnitOfWork, claim: Claim) -> Delivery | None:
    message = claim.message
    booking = await uow.bookings.get(message.booking_id)
    if booking is None or not booking.includes(message.revision):
        return None
    if message.kind is MessageKind.WELCOME:
        [newest] = await uow.outbox.of_booking(booking, limit=1)
        return Delivery(claim=claim, booking=booking, subject=newest)
    return Delivery(
        claim=claim,
        booking=booking,
        subject=await uow.outbox.welcome(message.booking_id, message.revision),
        student_language=await uow.people.language(booking.user_id),
    )


def _obstacle(delivery: Delivery | None) -> Ended | None:
    """Return why a message that is due must not be sent."""
    if delivery is None:
        return _GONE
    message, subject = delivery.claim.message, delivery.subject
    if message.tries > MOST_ATTEMPTS:
        return Ended(MessageState.FAILED, Reason.GAVE_UP)
    match message.kind:
        case MessageKind.WELCOME if delivery.booking.status is not BookingStatus.CONFIRMED:
            return Ended(MessageState.WITHDRAWN, Reason.NOT_CONFIRMED)
        case MessageKind.WELCOME if subject is not None and subject.id != message.id:
            # It outlasted a cancellation while it was under way, and the booking was
            # confirmed anew, which owes a welcome of its own.
            return Ended(MessageState.WITHDRAWN, Reason.SETTLED)
        case MessageKind.UNREACHED if subject is None or subject.state not in _WORTH_TELLING:
            return Ended(MessageState.WITHDRAWN, Reason.SETTLED)
    return None
