"""The Bot API methods that carry out the acts of a message."""

from collections.abc import Mapping
from typing import Any, Final

from aiogram.methods import (
    DeleteMessages,
    EditMessageMedia,
    EditMessageText,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto

from bot.kinds.acts import Act, Delete, Edit, Media, MediaType, Part, Send
from bot.telegram import speed

_SEND_MEDIA: Final[Mapping[MediaType, type[SendPhoto] | type[SendDocument]]] = {
    MediaType.PHOTO: SendPhoto,
    MediaType.DOCUMENT: SendDocument,
}
_INPUT_MEDIA: Final[Mapping[MediaType, type[InputMediaPhoto] | type[InputMediaDocument]]] = {
    MediaType.PHOTO: InputMediaPhoto,
    MediaType.DOCUMENT: InputMediaDocument,
}


def request_of(chat_id: int, act: Act) -> TelegramMethod[Any]:
    """Return the method that carries out the act in this chat."""
    match act:
        case Send(part):
            return _sending(chat_id, part)
        case Edit(message_id, part):
            return _editing({"chat_id": chat_id, "message_id": message_id}, part)
        case Delete(message_ids):
            return DeleteMessages(chat_id=chat_id, message_ids=list(message_ids))


def _sending(chat_id: int, part: Part) -> TelegramMethod[Any]:
    common = {"chat_id": chat_id, "reply_markup": part.markup}
    if part.media is None:
        return speed.build_method(SendMessage, **common, **_text(part))
    file = {part.media.type.value: _file(part.media)}
    return _SEND_MEDIA[part.media.type].model_validate({**common, **file, **_caption(part)})


def _editing(where: Mapping[str, Any], part: Part) -> TelegramMethod[Any]:
    if part.media is None:
        return speed.build_method(
            EditMessageText, **where, reply_markup=part.markup, **_text(part)
        )
    file = {"media": _file(part.media), **_caption(part)}
    media = _INPUT_MEDIA[part.media.type].model_validate(file)
    return EditMessageMedia.model_validate({**where, "media": media, "reply_markup": part.markup})


def _text(part: Part) -> Mapping[str, Any]:
    """Return the text; entities need parse_mode None, or Telegram ignores them."""
    if part.entities is None:
        return {"text": part.text}
    return {"text": part.text, "entities": part.entities, "parse_mode": None}


def _caption(part: Part) -> Mapping[str, Any]:
    if part.entities is None:
        return {"caption": part.text}
    return {"caption": part.text, "caption_entities": part.entities, "parse_mode": None}


def _file(media: Media) -> str | BufferedInputFile:
    if isinstance(media.file, str):
        return media.file
    return BufferedInputFile(media.file.content, filename=media.file.name)
