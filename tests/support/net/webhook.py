"""A desk with a webhook, and updates that a test sends in place of Telegram."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from aiohttp import ClientConnectionError, ClientSession
from pydantic import AnyHttpUrl, SecretStr

from bot.settings import Settings
from simulator import Telegram
from tests.support.school import ANNA_ID
from tests.support.waiting import until

SECRET: Final = "secret-of_the-tests"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
UPDATE_ID: Final = 7_000_001
"""An update id that the simulator does not reach in a test."""


def with_webhook(settings: Settings, url: str, port: int) -> Settings:
    return settings.model_copy(
        update={
            "webhook_url": AnyHttpUrl(f"{url}/telegram"),
            "webhook_secret": SecretStr(SECRET),
            "http_port": port,
        }
    )


def message(text: str, update_id: int = UPDATE_ID, *, person: int = ANNA_ID) -> dict[str, Any]:
    """Return Telegram's update for a person's command; their chat with the bot must exist."""
    sender = {"id": person, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": "Anna"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1,
            "date": 1_790_000_000,
            "chat": chat,
            "from": sender,
            "text": text,
            "entities": entities,
        },
    }


async def bring(http: ClientSession, settings: Settings, update: Mapping[str, Any]) -> int:
    """Send an update to one replica, as Telegram does; return the status of the answer."""
    address = f"http://127.0.0.1:{settings.http_port}/telegram"
    async with http.post(address, json=update, headers={SECRET_HEADER: SECRET}) as answer:
        return answer.status


async def answer_of(http: ClientSession, settings: Settings, path: str) -> tuple[int, str]:
    async with http.get(f"http://127.0.0.1:{settings.http_port}{path}") as answer:
        return answer.status, await answer.text()


async def until_ready(http: ClientSession, settings: Settings) -> None:
    await until_ready_says(http, settings, "ready")


async def until_ready_says(http: ClientSession, settings: Settings, words: str) -> None:
    """Wait until the answer of /readyz has these words."""

    async def says() -> bool:
        with suppress(ClientConnectionError):
            return words in (await answer_of(http, settings, "/readyz"))[1]
        return False

    await until(says, seconds=10)


def under_way(telegram: Telegram) -> bool:
    """Return whether a request to Telegram has been sent but not answered."""
    return any(call.method == "sendMessage" and call.finished is None for call in telegram.calls)
