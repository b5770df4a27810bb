"""The environment variables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    Field,
    IPvAnyAddress,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings.values import (
    IDS,
    SAID,
    AdminIds,
    Language,
    Port,
    Postgres,
    Token,
    a_language,
    a_zone,
    as_http_port,
    called_by_telegram,
    long_secret,
    needed_by_webhook,
    needs_database_url,
    needs_two_admins,
)
from db.models.bulks import MOST_IN_BULK

_WEBHOOK_PORT: Final = 8080
_THIS_MACHINE: Final = "127.0.0.1"

__all__ = [
    "Http",
    "Language",
    "Settings",
    "SettingsError",
    "Webhook",
    "complaint",
    "load_settings",
]


class SettingsError(Exception):
    """Some variables are missing, malformed or unusable; the text says which, and no secret."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """The address that Telegram calls with updates, and the secret that it sends along."""

    url: str
    secret: SecretStr


@dataclass(frozen=True, slots=True)
class Http:
    """The address at which the desk listens."""

    host: str | None
    """An address of this machine; None means all of them."""
    port: int


class Settings(BaseSettings):
    """One field for each variable of .env.example; a test compares the two.

    A field's description completes the sentence "NAME should be …".
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        # Some editors begin a file with a byte order mark, which would join the first name.
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    bot_token: Token = Field(
        description="the admins' bot token from @BotFather, such as 123456:ABC-def"
    )
    admin_ids: AdminIds = Field(
        description="the admins' numeric Telegram ids, separated by commas or spaces"
    )
    database_url: Postgres | None = Field(
        None,
        description="a PostgreSQL address, such as postgresql://user:password@host/name"
        " (leave it out for a database of our own)",
    )
    database_direct_url: Annotated[Postgres | None, AfterValidator(needs_database_url)] = Field(
        None,
        description="the address of the same PostgreSQL without a pooler (leave it out if"
        " DATABASE_URL leads to PostgreSQL itself, or to a pooler in session mode)",
    )
    db_connections: Annotated[int, Field(ge=4, le=100)] = Field(
        11, description="the most connections of one replica to PostgreSQL, from 4 to 100"
    )
    run_migrations: bool = Field(
        True, description="true, or false if only python -m bot migrate changes the schema"
    )
    data_dir: Path = Field(
        Path(".data"), description="the directory in which our own database keeps its data"
    )
    backups_kept: Annotated[int, Field(ge=0, le=1000)] = Field(
        14, description="how many nightly backups of our own database are kept, from 0 to 1000"
    )
    student_bot_token: Token | None = Field(
        None,
        description="the token of the bot that writes to students (leave it out if it is one)",
    )
    student_bot_polling: bool = Field(
        False, description="true when nobody else polls the students' bot, so the desk has to"
    )
    staff_chat_id: Annotated[int, Field(lt=0, gt=-IDS)] | None = Field(
        None,
        description="the id of the admins' group, such as -1001234567890 (leave it out if none)",
    )
    undo_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        30, description="how long a decision can be undone, in seconds from 0 to 3600"
    )
    tell_students: bool = Field(
        True,
        description="true, or false if students are told of a cancellation or a move only when an"
        " admin says so",
    )
    announce_bookings: bool = Field(
        True,
        description="true, or false if nobody is told of the bookings that students make",
    )
    approval_from: Annotated[
        Annotated[int, Field(ge=2, le=MOST_IN_BULK)] | None, AfterValidator(needs_two_admins)
    ] = Field(
        None,
        description=f"the number of bookings, from 2 to {MOST_IN_BULK}, from which a second admin"
        " approves a decision for many at once (leave it out if none has to)",
    )
    send_rate: Annotated[float, Field(ge=0.01, le=30)] = Field(
        25.0, description="messages a second to different people, from 0.01 to 30"
    )
    telegram_api_url: AnyHttpUrl | None = Field(
        None,
        description="the address of a Bot API server, such as http://127.0.0.1:8081"
        " (leave it out for Telegram's own)",
    )
    webhook_url: Annotated[AnyHttpUrl, AfterValidator(called_by_telegram)] | None = Field(
        None,
        description="the https address at which Telegram finds the desk, such as"
        " https://desk.example.org/telegram, on port 443, 80, 88 or 8443, with plain letters"
        " in its path (leave it out to fetch updates by long polling)",
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(needed_by_webhook)] = Field(
        None,
        description="a secret of 1 to 256 letters, digits, _ and -, by which the desk knows"
        " Telegram (needed with WEBHOOK_URL)",
        validate_default=True,
    )
    http_host: IPvAnyAddress | None = Field(
        None,
        description="the address of this machine at which the desk listens, such as 127.0.0.1, or"
        " 0.0.0.0 for all of them",
    )
    http_port: Port | None = Field(
        None,
        description="the free port at which the desk listens, such as 8080"
        " (leave it out if nobody asks it for anything)",
    )
    webhook_port: Annotated[Port | None, AfterValidator(as_http_port)] = Field(
        None,
        description="left out, or the same as HTTP_PORT, whose older name it is",
    )
    metrics_token: Annotated[SecretStr, AfterValidator(long_secret)] | None = Field(
        None,
        description="a secret of 16 to 256 letters, digits, _ and -, by which Prometheus may read"
        " /metrics (leave it out if nobody reads that)",
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(a_zone)] = Field(
        ZoneInfo("UTC"), description="the school's time zone by its IANA name, such as Europe/Riga"
    )
    language: Annotated[Language, BeforeValidator(a_language)] = Field(
        "en", description="en or ru, for people whose Telegram speaks neither"
    )

    @property
    def webhook(self) -> Webhook | None:
        """The webhook; None when updates are fetched by long polling."""
        if self.webhook_url is None or self.webhook_secret is None:
            return None
        return Webhook(str(self.webhook_url), self.webhook_secret)

    @property
    def http(self) -> Http | None:
        """The address at which the desk listens; None when it does not listen."""
        port = self.http_port
        if self.webhook is not None:
            port = port or self.webhook_port or _WEBHOOK_PORT
        return None if port is None else Http(self._host, port)

    @property
    def _host(self) -> str | None:
        if self.http_host is not None:
            return str(self.http_host)
        # Updates may come from a proxy on another machine.
        return _THIS_MACHINE if self.webhook is None else None


def load_settings() -> Settings:
    """Read the environment and `.env`.

    Raises:
        SettingsError: a variable is missing or malformed.
    """
    try:
        return Settings()
    except ValidationError as error:
        # The error is not chained and not quoted, because the value may be a token.
        lines = {
            complaint(str(details["loc"][0]), _verdict(details["type"], details["msg"]))
            for details in error.errors()
        }
    except (OSError, UnicodeDecodeError):
        lines = {".env cannot be read. It should be a text file in UTF-8."}
    raise SettingsError("\n".join(sorted(lines)))


def _verdict(kind: str, message: str) -> str:
    """Return what is wrong; only messages of our own do not quote the value."""
    if kind == SAID:
        return message
    return "is missing" if kind == "missing" else "is not valid"


def complaint(field: str, verdict: str) -> str:
    """Return a line that says what is wrong with a variable, and what it should be."""
    return f"{field.upper()} {verdict}. It should be {Settings.model_fields[field].description}."
