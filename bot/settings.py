"""Every environment variable, once."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_HOST: Final = re.compile(r"([^:\[\]]*|\[[^\[\]]*\])(:[0-9]{1,5})?")


class SettingsError(Exception):
    """Some variables are missing or malformed; the text says which, and never a value."""


def _split(raw: object) -> object:
    return raw.replace(",", " ").split() if isinstance(raw, str) else raw


def _token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError
    return secret


def _postgres(secret: SecretStr) -> SecretStr:
    address = urlsplit(secret.get_secret_value())
    hosts = address.netloc.rpartition("@")[2].split(",")
    if address.scheme not in {"postgres", "postgresql"} or not all(map(_HOST.fullmatch, hosts)):
        raise ValueError
    return secret


def _language(raw: object) -> object:
    """Return the first language that there is of a list such as "de_DE:en_US".

    Desktops set LANGUAGE themselves, and to lists.
    """
    languages = re.findall(r"(?:^|:)([a-z]+)", raw) if isinstance(raw, str) else []
    return next((each for each in languages if each in get_args(Language)), raw)


# Ids of groups and channels are negative: they cannot press a button, so they are no admins.
AdminIds: TypeAlias = Annotated[
    frozenset[Annotated[int, Field(gt=0)]],
    NoDecode,
    BeforeValidator(_split),
    Field(min_length=1),
]
Token: TypeAlias = Annotated[SecretStr, AfterValidator(_token)]
Language: TypeAlias = Literal["en", "ru"]


class Settings(BaseSettings):
    """One field per variable of .env.example; a test keeps the two equal.

    A field's description completes the sentence "NAME should be …".
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: Token = Field(
        description="the admins' bot token from @BotFather, such as 123456:ABC-def"
    )
    admin_ids: AdminIds = Field(
        description="the admins' numeric Telegram ids, separated by commas or spaces"
    )
    database_url: Annotated[SecretStr, AfterValidator(_postgres)] | None = Field(
        None,
        description="a PostgreSQL address, such as postgresql://user:password@host/name"
        " (leave it out for a database of our own)",
    )
    data_dir: Path = Field(
        Path(".data"), description="the directory in which our own database keeps its data"
    )
    student_bot_token: Token | None = Field(
        None,
        description="the token of the bot that writes to students (leave it out if it is one)",
    )
    student_bot_polling: bool = Field(
        False,
        description="true when nobody else polls the students' bot, so that the desk has to",
    )
    staff_chat_id: Annotated[int, Field(lt=0)] | None = Field(
        None,
        description="the id of the admins' group, such as -1001234567890 (leave it out if none)",
    )
    undo_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        10, description="how long a decision can be undone, in seconds from 0 to 3600"
    )
    send_rate: Annotated[float, Field(gt=0, le=30)] = Field(
        25.0, description="messages a second to different people, at most 30"
    )
    telegram_api_url: AnyHttpUrl | None = Field(
        None,
        description="the address of a Bot API server, such as http://127.0.0.1:8081"
        " (leave it out for Telegram's own)",
    )
    timezone: ZoneInfo = Field(
        ZoneInfo("UTC"), description="the school's time zone by its IANA name, such as Europe/Riga"
    )
    language: Annotated[Language, BeforeValidator(_language)] = Field(
        "en", description="en or ru, for people whose Telegram speaks neither"
    )


def load_settings() -> Settings:
    """Read the environment and `.env`.

    Raises:
        SettingsError: something is missing or malformed.
    """
    try:
        return Settings()
    except ValidationError as error:
        # Neither the message nor the chained error may carry what was typed: it may be a token.
        lines = {_complaint(str(each["loc"][0]), each["type"]) for each in error.errors()}
    raise SettingsError("\n".join(sorted(lines)))


def _complaint(field: str, kind: str) -> str:
    wrong = "is missing" if kind == "missing" else "is not valid"
    return f"{field.upper()} {wrong}. It should be {Settings.model_fields[field].description}."
