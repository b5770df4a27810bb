"""Sending, copying, forwarding and deleting messages."""

from typing import Any, Final

from aiogram.methods import (
    CopyMessage,
    DeleteMessage,
    DeleteMessages,
    ForwardMessage,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from aiogram.types import (
    Message,
    MessageId,
    MessageOriginUser,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from simulator import content
from simulator.accounts import BotAccount
from simulator.chats import Chat
from simulator.errors import bad_request
from simulator.keyboards import inline_keyboard
from simulator.methods.table import Table
from simulator.world import World

_Sending = SendMessage | SendPhoto | SendDocument | CopyMessage
#: What a message consists of, whoever sent it.
_COPIED: Final = ("text", "entities", "caption", "caption_entities", "photo", "document")


def send_message(world: World, bot: BotAccount, call: SendMessage) -> Message:
    fields = content.text(call.text, call.parse_mode, call.entities, world.accounts)
    return _send(world, bot, call, fields)


def send_photo(world: World, bot: BotAccount, call: SendPhoto) -> Message:
    fields = content.caption(call.caption, call.parse_mode, call.caption_entities, world.accounts)
    return _send(world, bot, call, fields | content.photo(world.files, call.photo))


def send_document(world: World, bot: BotAccount, call: SendDocument) -> Message:
    fields = content.caption(call.caption, call.parse_mode, call.caption_entities, world.accounts)
    return _send(world, bot, call, fields | content.document(world.files, call.document))


def copy_message(world: World, bot: BotAccount, call: CopyMessage) -> MessageId:
    source = _source(world, bot, call.from_chat_id, call.message_id, "copy")
    fields = _contents(source)
    if call.caption is not None and source.text is None:
        fields |= content.caption(
            call.caption, call.parse_mode, call.caption_entities, world.accounts
        )
    return MessageId(message_id=_send(world, bot, call, fields).message_id)


def forward_message(world: World, bot: BotAccount, call: ForwardMessage) -> Message:
    source = _source(world, bot, call.from_chat_id, call.message_id, "forward")
    chat = world.writable_chat(bot, call.chat_id)
    fields = _contents(source) | _thread(chat, bot, call.message_thread_id)
    if source.from_user:
        origin = MessageOriginUser(date=source.date, sender_user=source.from_user)
        fields["forward_origin"] = source.forward_origin or origin
    return world.post(chat, bot.user, fields)


def delete_message(world: World, bot: BotAccount, call: DeleteMessage) -> bool:
    chat = world.writable_chat(bot, call.chat_id)
    message = chat.messages.get(call.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if not world.reaches(message):
        raise bad_request("message can't be deleted for everyone")
    if message.from_user != bot.user and not chat.may_delete(bot, message):
        raise bad_request("message can't be deleted")
    world.delete(chat, call.message_id)
    return True


def delete_messages(world: World, bot: BotAccount, call: DeleteMessages) -> bool:
    """Delete those that can be deleted, and say nothing of the others."""
    if not 1 <= len(call.message_ids) <= 100:
        raise bad_request("there must be 1 to 100 message identifiers")
    chat = world.writable_chat(bot, call.chat_id)
    for message_id in call.message_ids:
        message = chat.messages.get(message_id)
        if (
            message
            and world.reaches(message)
            and (message.from_user == bot.user or chat.may_delete(bot, message))
        ):
            world.delete(chat, message_id)
    return True


def _send(world: World, bot: BotAccount, call: _Sending, fields: dict[str, Any]) -> Message:
    markup = inline_keyboard(call.reply_markup)
    chat = world.writable_chat(bot, call.chat_id)
    options = {
        "reply_markup": markup,
        "has_protected_content": call.protect_content or None,
        "effect_id": call.message_effect_id,
        "reply_to_message": _replied(chat, call),
    }
    message = world.post(
        chat, bot.user, fields | options | _thread(chat, bot, call.message_thread_id)
    )
    if isinstance(call.reply_markup, ReplyKeyboardMarkup):
        chat.keyboard = call.reply_markup
    elif isinstance(call.reply_markup, ReplyKeyboardRemove):
        chat.keyboard = None
    return message


def _thread(chat: Chat, bot: BotAccount, topic_id: int | None) -> dict[str, Any]:
    if not topic_id:
        return {}
    chat.require_topic(bot, topic_id)
    return {"message_thread_id": topic_id, "is_topic_message": True}


def _replied(chat: Chat, call: _Sending) -> Message | None:
    wanted = call.reply_parameters
    if wanted is None or wanted.message_id is None:
        return None
    message = chat.messages.get(wanted.message_id)
    if message is None and wanted.allow_sending_without_reply is not True:
        raise bad_request("message to be replied not found")
    return message


def _source(
    world: World, bot: BotAccount, chat_id: int | str, message_id: int, verb: str
) -> Message:
    message = world.known_chat(bot, chat_id).messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.has_protected_content or not _contents(message):
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


def _contents(message: Message) -> dict[str, Any]:
    values = {name: getattr(message, name) for name in _COPIED}
    return {name: value for name, value in values.items() if value is not None}


HANDLERS: Final[Table] = {
    SendMessage: send_message,
    SendPhoto: send_photo,
    SendDocument: send_document,
    CopyMessage: copy_message,
    ForwardMessage: forward_message,
    DeleteMessage: delete_message,
    DeleteMessages: delete_messages,
}
