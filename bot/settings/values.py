"""The values of the variables: what each kind may be."""

import re
from typing import Annotated, Final, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from db.server.address import Address, AddressError

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LONG_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")
_TELEGRAMS_PORTS: Final = {80, 88, 443, 8443}
_LAST_PORT: Final = 65535
SAID: Final = "said"
"""The type of an error whose message is a verdict on the variable."""
IDS: Final = 2**63
"""The absolute value of every Telegram id is smaller."""


def _split(raw: object) -> object:
    return raw.replace(",", " ").split() if isinstance(raw, str) else raw


def _token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


def _postgres(secret: SecretStr) -> SecretStr:
    try:
        Address.parse(secret.get_secret_value())
    except AddressError as error:
        raise PydanticCustomError(SAID, "{verdict}", {"verdict": str(error)}) from None
    return secret


def needs_database_url(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if secret is not None and info.data.get("database_url") is None:
        raise PydanticCustomError(SAID, "is of no use without DATABASE_URL")
    return secret


def needs_two_admins(number: int | None, info: ValidationInfo) -> int | None:
    if number is not None and len(info.data.get("admin_ids", ())) == 1:
        raise PydanticCustomError(SAID, "is of no use with a single admin")
    return number


def a_zone(raw: object) -> object:
    """Return the time zone of this name; "Europe" is refused, because it is a directory."""
    try:
        return ZoneInfo(raw) if isinstance(raw, str) else raw
    except (LookupError, OSError) as error:
        raise ValueError from error


def a_language(raw: object) -> object:
    """Return the first supported language of a list such as "de_DE:en_US".

    Desktop environments set LANGUAGE to such lists.
    """
    codes = re.findall(r"(?:^|:)([a-z]+)", raw) if isinstance(raw, str) else []
    return next((code for code in codes if code in get_args(Language)), raw)


def called_by_telegram(address: AnyHttpUrl, info: ValidationInfo) -> AnyHttpUrl:
    """Check that Telegram can call the address; a self-hosted Bot API server calls any address."""
    public = address.scheme == "https" and address.port in _TELEGRAMS_PORTS
    if not (public or info.data.get("telegram_api_url")):
        raise ValueError
    # An escaped path has several spellings, and the server would not recognise the others.
    if "%" in (address.path or ""):
        raise ValueError
    if address.query or address.fragment or address.username or address.password:
        raise ValueError
    return address


def needed_by_webhook(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if secret is None:
        if info.data.get("webhook_url"):
            raise PydanticCustomError(SAID, "is missing")
    elif not _SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


def long_secret(secret: SecretStr) -> SecretStr:
    if not _LONG_SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


def as_http_port(port: int | None, info: ValidationInfo) -> int | None:
    if port is not None and info.data.get("http_port") not in {None, port}:
        raise ValueError
    return port


# Ids of groups and channels are negative; only a person can press a button.
AdminIds: TypeAlias = Annotated[
    frozenset[Annotated[int, Field(gt=0, lt=IDS)]],
    NoDecode,
    BeforeValidator(_split),
    Field(min_length=1),
]
Postgres: TypeAlias = Annotated[SecretStr, AfterValidator(_postgres)]
Port: TypeAlias = Annotated[int, Field(ge=1, le=_LAST_PORT)]
Token: TypeAlias = Annotated[SecretStr, AfterValidator(_token)]
Language: TypeAlias = Literal["en", "ru"]
