"""Sending, copying, forwarding and deleting messages."""

from collections.abc import Sequence
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
    ForceReply,
    Message,
    MessageId,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from simulator.accounts import BotAccount
from simulator.chats.chats import Chat, PrivateChat
from simulator.errors import bad_request
from simulator.messages import content
from simulator.messages.keyboards import inline_keyboard, reply_keyboard
from simulator.methods.table import Table
from simulator.world import World

_Sending = SendMessage | SendPhoto | SendDocument | CopyMessage


def send_message(world: World, bot: BotAccount, call: SendMessage) -> Message:
    fields = content.text(call.text, call.parse_mode, call.entities, world.accounts)
    return _send(world, bot, call, fields | content.link_preview(call))


def send_photo(world: World, bot: BotAccount, call: SendPhoto) -> Message:
    fields = content.caption(call.caption, call.parse_mode, call.caption_entities, world.accounts)
    return _send(world, bot, call, fields | content.photo(world.files, call.photo))


def send_document(world: World, bot: BotAccount, call: SendDocument) -> Message:
    fields = content.caption(call.caption, call.parse_mode, call.caption_entities, world.accounts)
    return _send(
        world, bot, call, fields | content.document(world.files, call.document, call.thumbnail)
    )


def copy_message(world: World, bot: BotAccount, call: CopyMessage) -> MessageId:
    source = _source(world, bot, call.from_chat_id, call.message_id, "copy")
    fields = content.contents(source)
    if call.caption is not None and source.text is None:
        fields |= content.caption(
            call.caption, call.parse_mode, call.caption_entities, world.accounts
        )
    return MessageId(message_id=_send(world, bot, call, fields).message_id)


def forward_message(world: World, bot: BotAccount, call: ForwardMessage) -> Message:
    source = _source(world, bot, call.from_chat_id, call.message_id, "forward")
    chat = world.writable_chat(bot, call.chat_id)
    fields = content.forwarded(source) | _thread(chat, bot, call.message_thread_id)
    return world.post(chat, bot.user, fields)


def delete_message(world: World, bot: BotAccount, call: DeleteMessage) -> bool:
    if call.chat_id == "":
        raise bad_request("chat identifier is not specified")
    if call.message_id <= 0:
        raise bad_request("message identifier is not specified")
    chat = world.writable_chat(bot, call.chat_id)
    if call.message_id not in chat.messages:
        raise bad_request("message to delete not found")
    _delete(world, bot, chat, [call.message_id])
    return True


def delete_messages(world: World, bot: BotAccount, call: DeleteMessages) -> bool:
    """Delete all that are there, or, if one of them cannot be deleted, none."""
    if not call.message_ids:
        raise bad_request("message identifiers are not specified")
    chat = world.writable_chat(bot, call.chat_id)
    _delete(world, bot, chat, [one for one in call.message_ids if one in chat.messages])
    return True


def _delete(world: World, bot: BotAccount, chat: Chat, message_ids: Sequence[int]) -> None:
    for message_id in message_ids:
        message = chat.messages[message_id]
        obstacle = chat.undeletable(bot, message, old=not world.reaches(message))
        if obstacle:
            raise bad_request(obstacle)
    for message_id in dict.fromkeys(message_ids):
        world.delete(chat, message_id)


def _send(world: World, bot: BotAccount, call: _Sending, fields: dict[str, Any]) -> Message:
    markup = inline_keyboard(call.reply_markup)
    chat = world.writable_chat(bot, call.chat_id)
    keyboard = call.reply_markup
    if isinstance(keyboard, ReplyKeyboardMarkup):
        keyboard = reply_keyboard(keyboard, private=isinstance(chat, PrivateChat))
    options = {
        "reply_markup": markup,
        "has_protected_content": call.protect_content or None,
        "effect_id": call.message_effect_id,
        "reply_to_message": _replied(chat, call),
    }
    message = world.post(
        chat, bot.user, fields | options | _thread(chat, bot, call.message_thread_id)
    )
    if isinstance(keyboard, ReplyKeyboardMarkup | ForceReply):
        chat.final.add(message.message_id)
    if isinstance(keyboard, ReplyKeyboardMarkup):
        chat.keyboard = keyboard
    elif isinstance(keyboard, ReplyKeyboardRemove):
        chat.keyboard = None
    return message


def _thread(chat: Chat, bot: BotAccount, topic_id: int | None) -> dict[str, Any]:
    topic = chat.topic(bot, topic_id) if topic_id and topic_id > 0 else None
    return {"message_thread_id": topic, "is_topic_message": True} if topic else {}


def _replied(chat: Chat, call: _Sending) -> Message | None:
    wanted = call.reply_parameters or ReplyParameters(
        message_id=call.reply_to_message_id,
        allow_sending_without_reply=call.allow_sending_without_reply,
    )
    if not wanted.message_id:
        return None
    message = chat.messages.get(wanted.message_id)
    if message is None and wanted.allow_sending_without_reply is not True:
        raise bad_request("message to be replied not found")
    if message and wanted.quote and wanted.quote not in (message.text or message.caption or ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def _source(
    world: World, bot: BotAccount, chat_id: int | str, message_id: int, verb: str
) -> Message:
    if chat_id == "":
        raise bad_request('parameter "from_chat_id" is required')
    message = world.readable_chat(bot, chat_id).messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.has_protected_content or not content.contents(message):
        raise bad_request(f"the message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


HANDLERS: Final[Table] = {
    SendMessage: send_message,
    SendPhoto: send_photo,
    SendDocument: send_document,
    CopyMessage: copy_message,
    ForwardMessage: forward_message,
    DeleteMessage: delete_message,
    DeleteMessages: delete_messages,
}
