"""Every performance trick of the calls to Telegram, each for the methods that it names.

What callers cannot rely on:

- The answers of sendMessage and editMessageText are messages that have a `message_id` and nothing
  else; to read any other field raises AttributeError. An edit of an inline message, and every
  answer to a press, is True. The answers of all other methods are what aiogram makes of them.
- A message whose button was pressed has no `text`, `entities`, `reply_markup`, `from_user` and
  `link_preview_options`; to read one of them raises AttributeError. Everything else of an update
  is there.
- A call from `made` has not been looked at by pydantic: its fields are as they were given.
- A request whose parameters are plain JSON and objects of Telegram's leaves as JSON, not as a
  form; what is None in them is left out. A request with a file, a date, or a default inside an
  object leaves as aiogram sends it.
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

_HELD: Final = (
    Response[bool],
    Response[Message],
    Response[Message | bool],
    Response[list[Update]],
)
"""Pydantic builds a type anew that nobody holds."""
_UNREAD: Final = frozenset({"text", "entities", "reply_markup", "from", "link_preview_options"})
"""What nobody reads of a message whose button was pressed, as Telegram names it."""
_UNREAD_FIELDS: Final = (_UNREAD - {"from"}) | {"from_user"}
"""The same, as aiogram names it."""
_BARE: Final = Message.model_construct(**dict[str, Any]())
"""A message of which nothing is known, not even what there is by default."""
vars(_BARE).clear()
_Method = TypeVar("_Method", AnswerCallbackQuery, EditMessageText, SendMessage)
_EMPTY: Final[Mapping[type[TelegramMethod[Any]], TelegramMethod[Any]]] = {
    AnswerCallbackQuery: AnswerCallbackQuery(callback_query_id=""),
    EditMessageText: EditMessageText(text=""),
    SendMessage: SendMessage(chat_id=0, text=""),
}


def made(method: type[_Method], **fields: object) -> _Method:
    """Return a call with these fields, and the others as they are by default."""
    return cast(_Method, _EMPTY[method].model_copy(update=fields))


def written(method: TelegramMethod[Any], default: DefaultBotProperties) -> bytes:
    """Return the parameters as JSON.

    Raises:
        TypeError: there is something else among them than JSON and Telegram's objects.
    """
    # Telegram has a way of its own to write dates.
    return orjson.dumps(
        _parameters(method, default), default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME
    )


def _parameters(method: TelegramMethod[Any], default: DefaultBotProperties) -> dict[str, object]:
    """Return the parameters that are set, as they are by default where nobody said otherwise."""
    chosen = (
        (name, default[value.name] if isinstance(value, Default) else value)
        for name, value in vars(method).items()
    )
    return {name: value for name, value in chosen if value is not None}


def _plain(value: object) -> object:
    """Return what is set of an object of Telegram's."""
    if not isinstance(value, TelegramObject):
        raise TypeError(type(value))
    return {name: each for name, each in vars(value).items() if each is not None}


def read(bot: Bot, method: TelegramMethod[Any], content: bytes) -> object | None:
    """Return the result of a successful call; None where aiogram has to read the answer."""
    reader = _READERS.get(type(method))
    if reader is None:
        return None
    # What is no JSON, or not what it should be, is a ValueError; aiogram has the right one.
    with suppress(ValueError):
        match orjson.loads(content):
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
    """Return an update without what nobody reads of it.

    Raises:
        ValidationError: it is none.
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
