"""The outbox for admins: lists, cards and actions."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.errors import GroupChanged, MessageChanged, MessageNotFound
from bot.services.access import Desk, Permission
from bot.services.lists.paging import read_page
from bot.services.outbox.acting import act_on, writer_of
from bot.views.acting import MOVES, MessageAction, moves_of
from bot.views.outbox import MessageCard, MessageList, MessageRow
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking
from db.models.lists import START, Cursor, Edge, Scan
from db.models.outbox import NOTICES, GroupKey, Message, MessageGroup, MessageState

MOST_AT_ONCE: Final = 10_000
_ATTEMPTS_SHOWN: Final = 10


class OutboxService:
    """The outbox, for admins.

    Raises:
        NotAllowed: from every method, if `by` lacks the permission.
        MessageNotFound: from every method that takes a message.
        MessageChanged: from every action on a message that is not in the state it was shown in.
    """

    def __init__(self, desk: Desk, *, student_bot: str) -> None:
        """Take the username of the bot that students know."""
        self._desk = desk
        self._student_bot = student_bot

    async def groups(self, *, by: Actor) -> Sequence[MessageGroup]:
        """Return undelivered messages grouped by state and reason, the largest groups first."""
        async with self._desk.snapshot(by) as uow:
            return await uow.messages.groups()

    async def list(self, group: GroupKey, cursor: Cursor = START, *, by: Actor) -> MessageList:
        """Return the page at the cursor, or the nearest one that is not empty."""
        async with self._desk.snapshot(by) as uow:
            return await _list(uow, group, cursor)

    async def card(self, message_id: int, *, by: Actor) -> MessageCard:
        async with self._desk.snapshot(by) as uow:
            return await self._card(uow, message_id)

    async def act(
        self, message_id: int, action: MessageAction, *, attempts: int, by: Actor
    ) -> MessageCard:
        """Do what a button names, if the message still has this number of attempts.

        Raises:
            TakenByAnother: see `acting.act_on`.
        """
        async with self._desk.transaction(by, Permission.DELIVER) as uow:
            card = await self._card(uow, message_id)
            await act_on(uow, card.message, action, attempts=attempts, by=by)
            return await self._card(uow, message_id)

    async def before_resending(
        self, group: GroupKey, cursor: Cursor, *, by: Actor
    ) -> tuple[MessageList, bool]:
        """Return the page at the cursor, and whether some of the group may arrive twice."""
        async with self._desk.snapshot(by) as uow:
            return await _list(uow, group, cursor), await uow.messages.some_twice(group)

    async def resend_group(self, group: GroupKey, *, expected: int, by: Actor) -> int:
        """Queue a whole group again, at most 10,000 messages; return their number.

        Raises:
            GroupChanged: the group does not have the expected number of messages.
            MessageChanged: messages in this state cannot be queued.
        """
        async with self._desk.transaction(by, Permission.DELIVER) as uow:
            if MessageState.QUEUED not in MOVES.get(group.state, frozenset()):
                raise MessageChanged
            if await uow.messages.count(group) != expected:
                raise GroupChanged
            return await uow.messages.queue_group(group, limit=MOST_AT_ONCE)

    async def _card(self, uow: UnitOfWork, message_id: int) -> MessageCard:
        message = await uow.messages.get(message_id)
        if message is None:
            raise MessageNotFound(message_id)
        booking = (await _bookings(uow, [message])).get(message_id)
        uow.allow(booking.course_id if booking else None)
        return MessageCard(
            message=message,
            booking=booking,
            attempts=await uow.messages.attempts(message_id, limit=_ATTEMPTS_SHOWN),
            moves=moves_of(message),
            reader=(await _readers(uow, [message])).get(message.chat_id),
            writer=await writer_of(uow, message),
            student_bot=self._student_bot,
        )


async def _list(uow: UnitOfWork, group: GroupKey, cursor: Cursor) -> MessageList:
    return MessageList(group=group, page=await read_page(_GroupSource(uow, group), cursor))


class _GroupSource:
    """The messages of a group with their bookings, newest first."""

    def __init__(self, uow: UnitOfWork, group: GroupKey) -> None:
        self._uow = uow
        self._group = group

    async def total(self) -> None:
        return None

    async def read(self, cursor: Cursor, limit: int) -> Scan[MessageRow]:
        messages = await self._uow.messages.page(self._group, cursor, limit=limit)
        bookings = await _bookings(self._uow, messages)
        readers = await _readers(self._uow, messages)
        return Scan(
            [
                MessageRow(
                    message=message,
                    booking=bookings.get(message.id),
                    reader=readers.get(message.chat_id),
                )
                for message in messages
            ]
        )

    async def before(self, row: MessageRow) -> int:
        return await self._uow.messages.count(self._group, self.beside(Edge.BEFORE, row))

    async def behind(self, row: MessageRow) -> int:
        return await self._uow.messages.count(self._group, self.beside(Edge.AFTER, row))

    def beside(self, edge: Edge, row: MessageRow) -> Cursor:
        return Cursor(edge, row.message.id)


async def _readers(uow: UnitOfWork, messages: Sequence[Message]) -> Mapping[int, str]:
    """Return the names of the admins who read these notices, by their chats."""
    chats = {message.chat_id for message in messages if message.kind in NOTICES}
    return {actor.id: actor.name for actor in await uow.actors.named(chats)} if chats else {}


async def _bookings(uow: UnitOfWork, messages: Sequence[Message]) -> Mapping[int, Booking]:
    """Return the bookings that the messages are about, as far as they exist, by message id."""
    ids = {message.booking_id for message in messages if message.booking_id is not None}
    bookings = (await uow.bookings.of_ids(ids)).values()
    return {
        message.id: booking
        for message in messages
        for booking in bookings
        if message.is_about(booking)
    }
