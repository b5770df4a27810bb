"""From what an HTTP request carries to one of aiogram's methods, checked by its schema.

Telegram takes every parameter as text, and reads it when it needs it: what is missing is empty,
and what is empty is missing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any, Final

from aiogram import methods
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from simulator.errors import ApiError, bad_request
from simulator.http import values
from simulator.messages.keyboards import read_markup, refuse_unknown_kind

Method = type[TelegramMethod[Any]]
METHODS: Final[Mapping[str, Method]] = {
    method.__api_method__.lower(): method
    for method in vars(methods).values()
    if isinstance(method, type)
    and issubclass(method, TelegramMethod)
    and method is not TelegramMethod
}
#: Names that methods had once.
_FORMERLY: Final = {
    "kickchatmember": "banchatmember",
    "getchatmemberscount": "getchatmembercount",
}
#: Parameters without which a call would mean something else here than in Telegram.
_NOT_SIMULATED: Final = {
    "business_connection_id",
    "direct_messages_topic_id",
    "ephemeral_message_parameters",
    "receiver_user_id",
    "rich_message",
    "suggested_post_parameters",
}
#: What stands for a required parameter that is not there, by what it can be.
_EMPTY: Final[tuple[tuple[object, object], ...]] = ((str, ""), (int, 0), (list, ()))
#: Telegram's words for a file that is not there.
_MISSING: Final = {
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}


def find_method(name: str) -> Method:
    """Return the method a URL names, in whatever case.

    Raises:
        ApiError: the Bot API has none of this name.
    """
    method = _method(name)
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    return method


def spelled(name: str) -> str:
    """Return a method's name as the Bot API spells it, and one that it does not have as it is."""
    method = _method(name)
    return method.__api_method__ if method else name


def decode(method: Method, sent: Mapping[str, Any], *, strict: bool) -> dict[str, Any]:
    """Return the parameters, each as what it is; those that are empty are left out.

    Raises:
        ApiError: a parameter the simulator does not have, or a value that cannot be read; if
            `strict`, also a parameter the method does not have, or a number that is none.
    """
    readers = _readers(method)
    unknown = sent.keys() - readers.keys() - {"method"}
    if strict and unknown:
        raise bad_request(f"unknown parameters of {method.__api_method__}: {sorted(unknown)}")
    decoded = {
        name: reader(sent[name], strict) for name, reader in readers.items() if name in sent
    }
    _refuse_broken_text(decoded)
    return {name: value for name, value in decoded.items() if value is not None}


def refuse_unsimulated(parameters: Mapping[str, Any]) -> None:
    """Raise ApiError for parameters that would do nothing here, but much in Telegram."""
    missing = parameters.keys() & _NOT_SIMULATED
    if missing:
        raise ApiError(501, f"Not Implemented: the simulator has no {sorted(missing)}")


def parse(
    method: Method,
    parameters: Mapping[str, Any],
    files: Mapping[str, InputFile],
    *,
    strict: bool,
) -> TelegramMethod[Any]:
    """Return the call; what was not sent is empty, and an uploaded file is in its place.

    Raises:
        ApiError: a parameter is not what the schema says; if `strict`, also a field inside of
            one that the schema does not have.
    """
    if strict and isinstance(parameters.get("reply_markup"), dict):
        refuse_unknown_kind(parameters["reply_markup"])
    given = dict(_read(method, parameters, files))
    direct = {name: file for name, file in files.items() if name in method.model_fields}
    try:
        call = method.model_validate(_empty(method) | given | direct)
    except ValidationError as error:
        raise _complaint(error) from None
    _settle_unknown_fields(call, strict=strict)
    return call


def _method(name: str) -> Method | None:
    lowered = name.lower()
    return METHODS.get(_FORMERLY.get(lowered, lowered))


@cache
def _readers(method: Method) -> Mapping[str, Callable[[object, bool], object]]:
    return {
        name: partial(values.reader(name, field.annotation), name)
        for name, field in method.model_fields.items()
    }


@cache
def _empty(method: Method) -> dict[str, object]:
    """Return what a method is called with when nothing was sent."""
    return {
        name: None if not field.is_required() else _instead(field)
        for name, field in method.model_fields.items()
        if isinstance(field.default, Default) or _instead(field) is not None
    }


def _instead(field: FieldInfo) -> object:
    """Return what stands for a required parameter that is not there; None where nothing can."""
    possible = set(values.kinds(field.annotation))
    if not field.is_required() or InputFile in possible:
        return None
    return next((empty for kind, empty in _EMPTY if kind in possible), None)


def _refuse_broken_text(decoded: Mapping[str, object]) -> None:
    try:
        json.dumps(decoded, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def _read(
    method: Method, parameters: Mapping[str, Any], files: Mapping[str, InputFile]
) -> Iterator[tuple[str, object]]:
    """Yield the parameters, read, with uploads where `attach://name` refers to them."""
    for name, value in parameters.items():
        if name == "media" and isinstance(value, dict):
            yield name, _media(value, files)
        elif name == "reply_markup" and isinstance(value, dict):
            yield name, read_markup(value, method.model_fields[name].annotation)
        else:
            possible = set(values.kinds(method.model_fields[name].annotation))
            found = _file(value, files) if InputFile in possible else value
            if InputFile not in possible or isinstance(found, InputFile) or str in possible:
                yield name, found


def _media(media: Mapping[str, Any], files: Mapping[str, InputFile]) -> dict[str, Any]:
    """Return media with their files; a thumbnail that is no upload is left out.

    Raises:
        ApiError: there is no file of the name.
    """
    found = {name: value for name, value in media.items() if name not in {"media", "thumbnail"}}
    thumbnail = _file(media.get("thumbnail"), files)
    if isinstance(thumbnail, InputFile):
        found["thumbnail"] = thumbnail
    file = _file(media.get("media"), files)
    if not file:
        raise bad_request("can't parse InputMedia: media not found")
    return found | {"media": file}


def _file(value: object, files: Mapping[str, InputFile]) -> object:
    """Return the upload that a value names, the value if it names none, None if it is missing."""
    if isinstance(value, str) and value.startswith("attach://"):
        return files.get(value.removeprefix("attach://"))
    return value


def _complaint(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"]))
    if where.partition(".")[0] in _MISSING:
        return bad_request(_MISSING[where.partition(".")[0]])
    if first["type"] == "missing":
        return bad_request(f'parameter "{where}" is required')
    if where == "scope" and first["type"] == "union_tag_invalid":
        return bad_request("can't parse BotCommandScope: Unsupported type specified")
    return bad_request(f'can\'t parse parameter "{where}": {first["msg"]}')


def _settle_unknown_fields(value: object, *, strict: bool) -> None:
    """Take out the fields that the schema does not have.

    Raises:
        ApiError: there are such fields, and they are not let pass.
    """
    if isinstance(value, BaseModel):
        if value.model_extra and strict:
            raise bad_request(f"{type(value).__name__} has no {sorted(value.model_extra)}")
        if value.model_extra:
            value.model_extra.clear()
        for name in value.model_fields_set & type(value).model_fields.keys():
            _settle_unknown_fields(getattr(value, name), strict=strict)
    elif isinstance(value, list):
        for item in value:
            _settle_unknown_fields(item, strict=strict)
