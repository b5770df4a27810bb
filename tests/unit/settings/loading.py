"""What tests of the settings share."""

from collections.abc import Callable

from bot.settings import Settings

SECRET = "a-secret-that-nobody-may-read"
VALID = {"BOT_TOKEN": f"123456:{SECRET}", "ADMIN_IDS": "11"}
Load = Callable[..., Settings]
WEBHOOK = {"WEBHOOK_URL": "https://desk.example.org/telegram", "WEBHOOK_SECRET": "s3cret-_"}


def host_of(settings: Settings) -> str | None:
    assert settings.http is not None
    return settings.http.host


def port_of(settings: Settings) -> int:
    assert settings.http is not None
    return settings.http.port
