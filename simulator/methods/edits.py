"""Changing messages that were sent."""

from typing import Any, Final

from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
)
from aiogram.types import InputMediaDocument, InputMediaPhoto, Message

from simulator.accounts import BotAccount
from simulator.errors import ApiError, bad_request
from simulator.messages import content
from simulator.messages.keyboards import inline_keyboard
from simulator.methods.table import Table
from simulator.world import World

_Editing = EditMessageText | EditMessageCaption | EditMessageMedia | EditMessageReplyMarkup
_NOTHING: Final = dict.fromkeys(
    ("text", "entities", "caption", "caption_entities", "photo", "document")
)
_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def edit_message_text(world: World, bot: BotAccount, call: EditMessageText) -> Message | bool:
    fields = content.text(call.text, call.parse_mode, call.entities, world.accounts)
    message = _editable(world, bot, call)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, bot, call, message, fields | content.link_preview(call))


def edit_message_caption(
    world: World, bot: BotAccount, call: EditMessageCaption
) -> Message | bool:
    fields = content.caption(call.caption, call.parse_mode, call.caption_entities, world.accounts)
    message = _editable(world, bot, call)
    if message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, bot, call, message, fields)


def edit_message_media(world: World, bot: BotAccount, call: EditMessageMedia) -> Message | bool:
    """Put a photo or a document in place of a message's content, text too."""
    media = call.media
    if isinstance(media, InputMediaPhoto):
        fields = content.photo(world.files, media.media)
    elif isinstance(media, InputMediaDocument):
        fields = content.document(world.files, media.media, media.thumbnail)
    else:
        raise ApiError(501, f"Not Implemented: the simulator has no {media.type}")
    fields |= content.caption(
        media.caption, media.parse_mode, media.caption_entities, world.accounts
    )
    return _edit(world, bot, call, _editable(world, bot, call), _NOTHING | fields)


def edit_message_reply_markup(
    world: World, bot: BotAccount, call: EditMessageReplyMarkup
) -> Message | bool:
    return _edit(world, bot, call, _editable(world, bot, call), {})


def _editable(world: World, bot: BotAccount, call: _Editing) -> Message:
    """Return the message a bot wants to change.

    Raises:
        ApiError: there is none, or it is not the bot's, or is one that nobody edits.
    """
    if call.chat_id is None and not call.message_id:
        if not call.inline_message_id:
            raise bad_request("message identifier is not specified")
        return _inline(world, bot, call.inline_message_id)
    chat = world.writable_chat(bot, call.chat_id)
    message = chat.messages.get(call.message_id or 0)
    if message is None:
        raise bad_request("message to edit not found")
    final = message.forward_origin or message.message_id in chat.final
    if message.from_user != bot.user or final:
        raise bad_request("message can't be edited")
    return message


def _inline(world: World, bot: BotAccount, inline_message_id: str) -> Message:
    """Return the message that somebody has sent with an inline query, in a chat of the bot's."""
    chat_id, _, message_id = inline_message_id.partition("_")
    try:
        message = world.writable_chat(bot, int(chat_id)).messages[int(message_id)]
    except (ValueError, KeyError):
        raise bad_request("MESSAGE_ID_INVALID") from None
    if message.via_bot != bot.user:
        raise bad_request("MESSAGE_ID_INVALID")
    return message


def _edit(
    world: World, bot: BotAccount, call: _Editing, message: Message, fields: dict[str, Any]
) -> Message | bool:
    """Change what is given, and the buttons: those that are not sent again are gone."""
    fields = fields | {"reply_markup": inline_keyboard(call.reply_markup)}
    if all(getattr(message, name) == value for name, value in fields.items()):
        raise bad_request(_NOT_MODIFIED)
    edited = message.model_copy(update=fields | {"edit_date": int(world.clock.now().timestamp())})
    world.replace(world.writable_chat(bot, message.chat.id), edited)
    return True if call.inline_message_id else edited


HANDLERS: Final[Table] = {
    EditMessageText: edit_message_text,
    EditMessageCaption: edit_message_caption,
    EditMessageMedia: edit_message_media,
    EditMessageReplyMarkup: edit_message_reply_markup,
}
