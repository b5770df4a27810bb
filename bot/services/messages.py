"""What admins see of the messages, and what they can do about them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Final

from bot.errors import GroupChanged, MessageChanged, MessageNotFound
from bot.services.paging import PAGE_SIZE, last_limit, numbered
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import (
    Actor,
    Booking,
    Edge,
    Message,
    MessageCard,
    MessageGroup,
    MessageList,
    MessagePlace,
    MessageRow,
    MessageState,
    Reason,
)

MOST_AT_ONCE: Final = 10_000
_ATTEMPTS_SHOWN: Final = 10

#: What an admin may make of a message in each state.
MOVES: Final[Mapping[MessageState, Set[MessageState]]] = {
    MessageState.QUEUED: {MessageState.WITHDRAWN},
    MessageState.UNKNOWN: {MessageState.QUEUED, MessageState.WITHDRAWN},
    MessageState.WAITING: {MessageState.QUEUED, MessageState.WITHDRAWN},
    MessageState.FAILED: {MessageState.QUEUED, MessageState.WITHDRAWN},
}


class MessageService:
    """The outbox, for admins.

    Raises:
        NotAllowed: from every method, when `by` is not an admin.
        MessageNotFound: from every method that takes a message.
        MessageChanged: from every action on a message that is not in the state it was shown in.
    """

    def __init__(self, db: Database, staff: Staff) -> None:
        self._db = db
        self._staff = staff

    async def groups(self, *, by: Actor) -> Sequence[MessageGroup]:
        """Count what is not delivered by state and reason, the largest groups first."""
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await uow.messages.groups()

    async def list(self, place: MessagePlace, *, by: Actor) -> MessageList:
        """Return the page at `place`, or the nearest one that is not empty."""
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await _list(uow, place)

    async def card(self, message_id: int, *, by: Actor) -> MessageCard:
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await _card(uow, message_id)

    async def resend(self, message_id: int, *, attempts: int, by: Actor) -> MessageCard:
        """Send the message again, as it was shown after so many attempts."""
        return await self._move(message_id, attempts, MessageState.QUEUED, None, by)

    async def withdraw(self, message_id: int, *, attempts: int, by: Actor) -> MessageCard:
        """Do not send the message any more."""
        return await self._move(
            message_id, attempts, MessageState.WITHDRAWN, Reason.WITHDRAWN_BY_HAND, by
        )

    async def told(self, message_id: int, *, attempts: int, by: Actor) -> MessageCard:
        """Do not send the message any more: an admin has told the person."""
        return await self._move(
            message_id, attempts, MessageState.WITHDRAWN, Reason.TOLD_BY_HAND, by
        )

    async def before_resending(
        self, place: MessagePlace, *, by: Actor
    ) -> tuple[MessageList, bool]:
        """Return the page at `place`, and whether some of the group may have arrived before."""
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await _list(uow, place), await uow.messages.some_twice(place)

    async def resend_group(self, place: MessagePlace, *, asked: int, by: Actor) -> int:
        """Send a whole group again, at most 10,000; return how many messages that are.

        Raises:
            GroupChanged: they are not as many as the admin was asked about.
        """
        self._staff.check(by)
        if MessageState.QUEUED not in MOVES.get(place.state, frozenset()):
            raise MessageChanged
        async with self._db.transaction() as uow:
            if await uow.messages.size(place) != asked:
                raise GroupChanged
            return await uow.messages.queue_group(place, limit=MOST_AT_ONCE)

    async def _move(
        self,
        message_id: int,
        attempts: int,
        state: MessageState,
        reason: Reason | None,
        by: Actor,
    ) -> MessageCard:
        self._staff.check(by)
        async with self._db.transaction() as uow:
            card = await _card(uow, message_id)
            if card.message.attempts != attempts or state not in card.moves:
                raise MessageChanged
            if not await uow.outbox.move(card.message, state, reason):
                raise MessageChanged
            return await _card(uow, message_id)


async def _list(uow: UnitOfWork, place: MessagePlace) -> MessageList:
    total = await uow.messages.size(place)
    limit = last_limit(total) if place.edge is Edge.LAST else PAGE_SIZE
    messages = await uow.messages.page(place, limit=limit)
    if not messages and place.edge not in {Edge.FIRST, Edge.LAST}:
        nearest = Edge.FIRST if place.edge is Edge.BEFORE else Edge.LAST
        return await _list(uow, replace(place, edge=nearest, id=None))
    before = await uow.messages.newer(place, messages[0].id) if messages else 0
    behind = await uow.messages.older(place, messages[-1].id) if messages else 0
    here = replace(place, edge=Edge.FIRST, id=None)
    if before > 0:
        here = replace(place, edge=Edge.FROM, id=messages[0].id)
    bookings = await _bookings(uow, messages)
    items = [MessageRow(message=each, booking=bookings.get(each.id)) for each in messages]
    number, last = numbered(before, behind)
    return MessageList(place=here, items=items, number=number, last=last, total=total)


async def _card(uow: UnitOfWork, message_id: int) -> MessageCard:
    message = await uow.messages.get(message_id)
    if message is None:
        raise MessageNotFound(message_id)
    return MessageCard(
        message=message,
        booking=(await _bookings(uow, [message])).get(message_id),
        attempts=await uow.messages.attempts(message_id, limit=_ATTEMPTS_SHOWN),
        moves=MOVES.get(message.state, frozenset()),
    )


async def _bookings(uow: UnitOfWork, messages: Sequence[Message]) -> Mapping[int, Booking]:
    """Return the bookings that the messages are about, as far as they are there, by message."""
    numbers = {each.booking_id for each in messages if each.booking_id is not None}
    found = (await uow.bookings.of_ids(numbers)).values()
    return {each.id: booking for each in messages for booking in found if each.is_about(booking)}
