"""The buttons by which an admin acts on a message, wherever it is shown."""

from collections.abc import Callable, Iterable, Sequence, Set
from typing import Final

from bot.i18n import Translator
from bot.texts import names
from bot.views.acting import MessageAction, can_be_taken, moves_of, needs_care
from db.models.audit import Actor
from db.models.outbox import Message, MessageState
from keyboards.markup import Button, button

_NAME_LENGTH: Final = 6
Pack = Callable[[MessageAction], str]
"""Returns the payload of the button of an action."""


def message_actions(
    t: Translator,
    message: Message,
    moves: Set[MessageState],
    writer: Actor | None,
    pack: Pack,
) -> Sequence[Button]:
    """Return everything that can be done with the message in its state."""
    return [_button(t, action, writer, pack) for action in _actions(message, moves, writer)]


def lost_actions(
    t: Translator, message: Message, writer: Actor | None, pack: Pack
) -> Sequence[Button]:
    """Return what can be done about a message that has not arrived, or was settled by hand."""
    if not needs_care(message):
        return []
    return [
        _button(t, action, writer, pack)
        for action in _actions(message, moves_of(message), writer)
        if action is not MessageAction.WITHDRAW
    ]


def _actions(
    message: Message, moves: Set[MessageState], writer: Actor | None
) -> Iterable[MessageAction]:
    if MessageState.QUEUED in moves:
        yield _resend(message)
    if MessageState.SENT in moves:
        yield MessageAction.ARRIVED
    if MessageState.UNKNOWN in moves:
        yield MessageAction.DOUBT
    if MessageState.WITHDRAWN in moves:
        yield MessageAction.WITHDRAW
        yield MessageAction.TOLD
    if can_be_taken(message):
        yield MessageAction.LEAVE if writer else MessageAction.TAKE


def _resend(message: Message) -> MessageAction:
    if message.may_have_arrived:
        return MessageAction.ASK_RESEND
    withdrawn = message.state is MessageState.WITHDRAWN
    return MessageAction.RESTORE if withdrawn else MessageAction.RESEND


def _button(t: Translator, action: MessageAction, writer: Actor | None, pack: Pack) -> Button:
    label = f"button-message-{action.name.lower()}"
    if writer is None or action is not MessageAction.LEAVE:
        return button(t.plain(label), pack(action))
    name = names.clean(writer.name, _NAME_LENGTH) or str(writer.id)
    return button(t.plain(label, name=name), pack(action))
