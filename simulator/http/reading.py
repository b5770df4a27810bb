"""The parameters and files of a request, read as Telegram's HTTP server reads them.

Reference: `HttpReader` in tdlib's tdnet. Bytes that are not UTF-8 become lone surrogates, which
are refused where the parameters are decoded.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from aiogram.types import BufferedInputFile, InputFile
from aiohttp import web

from simulator.errors import ApiError, bad_request
from simulator.http.wire import read_json

Files = Mapping[str, InputFile]

LARGEST_REQUEST: Final = 60 * 1024**2
_EITHER_HEADER: Final = zlib.MAX_WBITS | 32
#: What Telegram says where Python's parser of JSON says something else.
_BROKEN: Final = {
    "Expecting property name enclosed in double quotes": "can't parse parameter name",
    "Expecting ':' delimiter": "can't parse object, ':' expected",
    "Expecting ',' delimiter": "expected next field or object end",
    "Extra data": "unexpected data after object end",
}


@dataclass(frozen=True)
class _Part:
    """One part of a form."""

    name: str
    content: bytes
    filename: str | None
    """None for a parameter."""


async def read_call(request: web.Request) -> tuple[dict[str, Any], Files]:
    """Return the parameters, in whichever of the four ways a bot has sent them, and the files.

    Raises:
        ApiError: the body is not what its type says.
    """
    asked = _pairs(request.rel_url.raw_query_string)
    kind = request.headers.get("Content-Type", "")
    sent, files = parse_body(kind, await _body(request))
    return sent | asked, files


def parse_body(kind: str, body: bytes) -> tuple[dict[str, Any], Files]:
    """Return the parameters and the files of a body of this type; other types carry none.

    Raises:
        ApiError: the body is not what its type says.
    """
    lowered = kind.lower()
    if "multipart/form-data" in lowered:
        return _form(list(_parts(body, _boundary(kind)))) if body else ({}, {})
    if "application/x-www-form-urlencoded" in lowered:
        return _pairs(_text(body)), {}
    if "application/json" in lowered:
        return _object(body), {}
    return {}, {}


async def _body(request: web.Request) -> bytes:
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise _too_large(request.content_length) from None
    encoding = request.headers.get("Content-Encoding", "").lower()
    if not encoding:
        return body
    if encoding not in {"gzip", "deflate"}:
        raise ApiError(415, "Unsupported Media Type: unsupported content-encoding")
    return _unpack(body)


def _unpack(body: bytes) -> bytes:
    unpacker = zlib.decompressobj(_EITHER_HEADER)
    try:
        unpacked = unpacker.decompress(body, LARGEST_REQUEST)
    except zlib.error:
        raise bad_request("can't decompress the content") from None
    if unpacker.unconsumed_tail:
        raise _too_large(None)
    if not unpacker.eof:
        raise bad_request("can't decompress the content")
    return unpacked


def _too_large(length: int | None) -> ApiError:
    return ApiError(413, f"Request Entity Too Large: content length is {length or 'too big'}")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _pairs(encoded: str) -> dict[str, str]:
    """Return what a query or a form says; of two values of one name the first counts."""
    pairs: dict[str, str] = {}
    for pair in filter(None, encoded.split("&")):
        name, _, value = pair.replace("+", " ").partition("=")
        pairs.setdefault(_unquote(name), _unquote(value))
    return pairs


def _unquote(text: str) -> str:
    return _text(unquote_to_bytes(text.encode("utf-8", "surrogateescape")))


def _object(body: bytes) -> dict[str, Any]:
    text = _text(body)
    if not text:
        return {}
    if text.lstrip()[:1] not in {"{", '"'}:
        raise bad_request("JSON object expected")
    try:
        value = read_json(text)
    except json.JSONDecodeError as error:
        raise bad_request(_BROKEN.get(error.msg, "can't parse parameter value")) from None
    except ValueError:
        raise bad_request("can't parse parameter value") from None
    return value if isinstance(value, dict) else {"content": value}


def _boundary(kind: str) -> bytes:
    """Return what separates the parts of a form."""
    start = kind.lower().find("boundary")
    if start < 0:
        raise bad_request("boundary not found")
    _, equals, value = kind[start:].partition("=")
    if not equals:
        raise bad_request("boundary value not found")
    value = _unquoted(value.partition(";")[0])
    if not 1 <= len(value) <= 70:
        raise bad_request("boundary too big or empty")
    return value.encode("utf-8", "surrogateescape")


def _parts(body: bytes, boundary: bytes) -> Iterator[_Part]:
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    for part in parts:
        if part.startswith(b"--"):
            return
        headers, found, content = part.partition(b"\r\n\r\n")
        if not found:
            raise bad_request("can't parse form data headers")
        if not headers:
            raise bad_request("headers in multipart/form-data are empty")
        yield _part(_text(headers), content)
    raise bad_request("unexpected end of multipart/form-data")


def _part(headers: str, content: bytes) -> _Part:
    described: dict[str, str] = {}
    for line in filter(None, headers.split("\r\n")):
        name, found, value = line.partition(":")
        if not found:
            raise bad_request("can't parse form data headers")
        if name.strip().lower() == "content-disposition":
            described = _disposition(value.strip())
    if not described.get("name"):
        raise bad_request("field name in multipart/form-data not found")
    return _Part(described["name"], content, described.get("filename"))


def _disposition(value: str) -> dict[str, str]:
    if not value.startswith("form-data;"):
        raise bad_request("expected form-data content disposition")
    fields = (field.partition("=") for field in value.removeprefix("form-data;").split(";"))
    return {name.strip(): _unquoted(text.strip()) for name, _, text in fields}


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _form(parts: list[_Part]) -> tuple[dict[str, Any], Files]:
    sent: dict[str, Any] = {}
    files: dict[str, InputFile] = {}
    for part in parts:
        if part.filename is None:
            sent.setdefault(part.name, _text(part.content))
        else:
            name = part.filename.encode("utf-8", "replace").decode()
            files.setdefault(part.name, BufferedInputFile(part.content, filename=name))
    return sent, files
