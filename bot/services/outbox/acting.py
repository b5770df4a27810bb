"""What an admin does with one message."""

from collections.abc import Mapping
from typing import Final

from bot.errors import MessageChanged, TakenByAnother
from bot.services.visible import visible
from bot.views.acting import MessageAction, can_be_taken, moves_of
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.outbox import Message, MessageState, Reason

_NAME_LENGTH: Final = 20
_LEADS_TO: Final[Mapping[MessageAction, tuple[MessageState, Reason | None]]] = {
    MessageAction.RESEND: (MessageState.QUEUED, None),
    MessageAction.RESTORE: (MessageState.QUEUED, None),
    MessageAction.WITHDRAW: (MessageState.WITHDRAWN, Reason.WITHDRAWN_BY_HAND),
    MessageAction.TOLD: (MessageState.WITHDRAWN, Reason.TOLD_BY_HAND),
    MessageAction.ARRIVED: (MessageState.SENT, None),
    MessageAction.DOUBT: (MessageState.UNKNOWN, Reason.NO_ANSWER),
}


async def act_on(
    uow: UnitOfWork, message: Message, action: MessageAction, *, attempts: int, by: Actor
) -> None:
    """Do what a button names, which was drawn when the message had this number of attempts.

    Raises:
        MessageChanged: the message is not in the state it was shown in.
        TakenByAnother: another admin writes to the student.
    """
    if message.attempts != attempts:
        raise MessageChanged
    if action in {MessageAction.TAKE, MessageAction.LEAVE}:
        await _take_or_leave(uow, message, action, by)
    else:
        await _move(uow, message, action)
    if message.booking_id is not None:
        await uow.copies.touch(message.booking_id)


async def writer_of(uow: UnitOfWork, message: Message) -> Actor | None:
    """Return the admin who writes to the student instead; most messages need none."""
    if not can_be_taken(message):
        return None
    return (await uow.notices.writers([message.id])).get(message.id)


async def _move(uow: UnitOfWork, message: Message, action: MessageAction) -> None:
    if action not in _LEADS_TO:
        raise MessageChanged
    state, reason = _LEADS_TO[action]
    if state not in moves_of(message) or not await uow.outbox.move(message, state, reason):
        raise MessageChanged


async def _take_or_leave(
    uow: UnitOfWork, message: Message, action: MessageAction, by: Actor
) -> None:
    if not can_be_taken(message):
        raise MessageChanged
    if action is MessageAction.LEAVE and await uow.notices.leave(message.id, by):
        return
    if action is MessageAction.LEAVE:
        writer = await writer_of(uow, message)
        if writer is None:
            return
    else:
        writer = await uow.notices.take(message.id, by)
    if writer.id != by.id:
        raise TakenByAnother(visible(writer.name)[:_NAME_LENGTH] or str(writer.id))
