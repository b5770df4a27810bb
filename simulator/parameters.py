"""From what an HTTP request carries to one of aiogram's methods, checked by its schema."""

import json
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from aiogram import methods
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from simulator.errors import ApiError, bad_request

Method = type[TelegramMethod[Any]]
METHODS: Final[Mapping[str, Method]] = {
    method.__api_method__.lower(): method
    for method in vars(methods).values()
    if isinstance(method, type)
    and issubclass(method, TelegramMethod)
    and method is not TelegramMethod
}
#: Telegram's words for a parameter that is not there.
_MISSING: Final = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}


#: Parameters without which a call would mean something else here than in Telegram.
_NOT_SIMULATED: Final = {
    "business_connection_id",
    "direct_messages_topic_id",
    "ephemeral_message_parameters",
    "receiver_user_id",
    "reply_to_message_id",
    "rich_message",
    "suggested_post_parameters",
}


def find_method(name: str) -> Method:
    """Return the method a URL names, in whatever case.

    Raises:
        ApiError: the Bot API has none of this name.
    """
    if name.lower() not in METHODS:
        raise ApiError(404, "Not Found")
    return METHODS[name.lower()]


def spelled(name: str) -> str:
    """Return a method's name as the Bot API spells it, and one that it does not have as it is."""
    method = METHODS.get(name.lower())
    return method.__api_method__ if method else name


def decode(method: Method, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with the values that are JSON decoded.

    Raises:
        ApiError: a parameter the method or the simulator does not have, or text that is not JSON.
    """
    unknown = sent.keys() - method.model_fields.keys()
    if unknown:
        raise bad_request(f"unknown parameters of {method.__api_method__}: {sorted(unknown)}")
    missing = sent.keys() & _NOT_SIMULATED
    if missing:
        raise ApiError(501, f"Not Implemented: the simulator has no {sorted(missing)}")
    return {name: _decode(name, method.model_fields[name], sent[name]) for name in sent}


def parse(
    method: Method, parameters: Mapping[str, Any], files: Mapping[str, InputFile]
) -> TelegramMethod[Any]:
    """Return the call; what was not sent is None, and an uploaded file is in its place.

    Raises:
        ApiError: a parameter is missing, or is not what the schema says.
    """
    unset = {
        name: None
        for name, field in method.model_fields.items()
        if isinstance(field.default, Default)
    }
    values = {name: _attach(value, files) for name, value in parameters.items()}
    direct = {name: file for name, file in files.items() if name in method.model_fields}
    try:
        call = method.model_validate(unset | values | direct)
    except ValidationError as error:
        raise _complaint(error) from None
    _refuse_unknown_fields(call)
    return call


def _decode(name: str, field: FieldInfo, value: object) -> object:
    if not isinstance(value, str):
        return value
    types = set(_flatten(field.annotation))
    if str in types:
        # An id that is a number may not come out as a string where both are allowed.
        return int(value) if int in types and value.lstrip("-").isdecimal() else value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def _flatten(annotation: object) -> Iterator[object]:
    """Yield what a union is made of; a list is one thing, whatever is in it."""
    if get_origin(annotation) in {Union, UnionType, Annotated}:
        for argument in get_args(annotation):
            yield from _flatten(argument)
    else:
        yield annotation


def _attach(value: object, files: Mapping[str, InputFile]) -> object:
    """Put uploaded files where `attach://name` refers to them."""
    match value:
        case str() if value.startswith("attach://"):
            name = value.removeprefix("attach://")
            if name not in files:
                raise bad_request(f"there is no file {name} in the request")
            return files[name]
        case list():
            return [_attach(item, files) for item in value]
        case dict():
            return {key: _attach(item, files) for key, item in value.items()}
    return value


def _complaint(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"]))
    if first["type"] == "missing":
        return bad_request(_MISSING.get(where, f'parameter "{where}" is required'))
    return bad_request(f'can\'t parse parameter "{where}": {first["msg"]}')


def _refuse_unknown_fields(value: object) -> None:
    """Raise ApiError for a field inside a parameter that the schema does not have."""
    if isinstance(value, BaseModel):
        if value.model_extra:
            raise bad_request(f"{type(value).__name__} has no {sorted(value.model_extra)}")
        for name in value.model_fields_set:
            _refuse_unknown_fields(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            _refuse_unknown_fields(item)
