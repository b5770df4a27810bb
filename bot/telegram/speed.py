"""The performance tricks of the calls to Telegram, each for the methods that it names.

They have these limits:

- The results of sendMessage and editMessageText are messages with a `message_id` and nothing else;
  any other field raises AttributeError. The result of an edit of an inline message, and of every
  answer to a press, is True. The results of all other methods are aiogram's.
- A message whose button was pressed has no `text`, `entities`, `reply_markup`, `from_user` and
  `link_preview_options`; these fields raise AttributeError. An update has all other fields.
- A method from `build_method` is not validated by pydantic.
- Parameters of plain JSON and Telegram's objects are sent as JSON, without those that are None.
  Parameters with a file, a date, or a default inside an object are sent as aiogram does.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, TypeVar, cast

import orjson
from aiogram import Bot
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetUpdates,
    Response,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import Message, TelegramObject, Update

from bot.telegram.incoming import load

# A type that is built already is not built again inside others.
Message.model_rebuild()
Update.model_rebuild()
_HELD: Final = (
    Response[bool],
    Response[Message],
    Response[Message | bool],
    Response[list[Update]],
)
"""Generic types that pydantic would build again at each use if nothing held them."""
_UNREAD: Final = frozenset({"text", "entities", "reply_markup", "from", "link_preview_options"})
"""Unused fields of a message whose button was pressed, by Telegram's names."""
_UNREAD_FIELDS: Final = (_UNREAD - {"from"}) | {"from_user"}
"""The same fields, by aiogram's names."""
_BARE: Final = Message.model_construct(**dict[str, Any]())
"""A message without any field, defaults included."""
vars(_BARE).clear()
_Method = TypeVar("_Method", AnswerCallbackQuery, EditMessageText, SendMessage)
_EMPTY: Final[Mapping[type[TelegramMethod[Any]], TelegramMethod[Any]]] = {
    AnswerCallbackQuery: AnswerCallbackQuery(callback_query_id=""),
    EditMessageText: EditMessageText(text=""),
    SendMessage: SendMessage(chat_id=0, text=""),
}


def build_method(method: type[_Method], **fields: object) -> _Method:
    """Return a method with these fields, and defaults for the others."""
    return cast(_Method, _EMPTY[method].model_copy(update=fields))


def to_json(method: TelegramMethod[Any], default: DefaultBotProperties) -> bytes:
    """Return the parameters as JSON.

    Raises:
        TypeError: they contain something else than JSON and Telegram's objects.
    """
    # orjson would write a date as text, but Telegram wants a number.
    return orjson.dumps(
        _parameters(method, default), default=_fields, option=orjson.OPT_PASSTHROUGH_DATETIME
    )


def _parameters(method: TelegramMethod[Any], default: DefaultBotProperties) -> dict[str, object]:
    """Return the parameters that are not None, with the bot's defaults filled in."""
    values = (
        (name, default[value.name] if isinstance(value, Default) else value)
        for name, value in vars(method).items()
    )
    return {name: value for name, value in values if value is not None}


def _fields(value: object) -> object:
    """Return the fields of an object of Telegram's that are not None."""
    if not isinstance(value, TelegramObject):
        raise TypeError(type(value))
    return {name: field for name, field in vars(value).items() if field is not None}


def read_result(bot: Bot, method: TelegramMethod[Any], content: bytes) -> object | None:
    """Return the result of a successful call; None if aiogram has to read the answer."""
    reader = _READERS.get(type(method))
    if reader is None:
        return None
    # Malformed answers are ValueErrors here; aiogram raises its own error for them.
    with suppress(ValueError):
        match load(content):
            case {"ok": True, "result": result}:
                return reader(bot, result)
    return None


def _read_message(_: Bot, result: object) -> Message | bool | None:
    match result:
        case {"message_id": int(number)}:
            return _BARE.model_copy(update={"message_id": number})
        case True:
            return True
    return None


def _read_updates(bot: Bot, result: object) -> list[Update] | None:
    match result:
        case [*contents]:
            return [read_update(bot, content) for content in contents]
    return None


_READERS: Final[Mapping[type[TelegramMethod[Any]], Callable[[Bot, object], object | None]]] = {
    AnswerCallbackQuery: _read_message,
    EditMessageText: _read_message,
    GetUpdates: _read_updates,
    SendMessage: _read_message,
}


def read_update(bot: Bot, content: object) -> Update:
    """Return an update without its unused fields.

    Raises:
        ValidationError: the content is not an update.
    """
    match content:
        case {"callback_query": {"message": {**fields}} as press}:
            press["message"] = {name: fields[name] for name in fields.keys() - _UNREAD}
    update = Update.model_validate(content, context={"bot": bot})
    pressed = update.callback_query and update.callback_query.message
    if pressed is not None:
        for name in _UNREAD_FIELDS:
            vars(pressed).pop(name, None)
    return update
