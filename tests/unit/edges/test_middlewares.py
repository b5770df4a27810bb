"""The speaker middleware: who acts, in which language, and when."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram.types import TelegramObject, User

from bot.i18n import Translators
from bot.services.access import Staff
from bot.telegram.speaker import SpeakerMiddleware
from db.models.audit import Actor

ANNA = User(id=11, is_bot=False, first_name="Anna", last_name="K", language_code="ru-RU")
VERA = User(id=13, is_bot=False, first_name="Vera", language_code="fr")
UPDATE = TelegramObject()


@pytest.fixture
def speaker() -> SpeakerMiddleware:
    return SpeakerMiddleware(Staff({ANNA.id}), Translators(default="en", timezone=ZoneInfo("UTC")))


async def heard(speaker: SpeakerMiddleware, user: User | None) -> dict[str, Any] | None:
    """Return what a handler gets with an update of this person; None if it is not called."""

    async def handler(_: TelegramObject, data: dict[str, Any]) -> dict[str, Any]:
        return data

    data: dict[str, Any] | None = await speaker(handler, UPDATE, {"event_from_user": user})
    return data


async def test_an_admin_is_known_by_id_and_named_in_full(speaker: SpeakerMiddleware) -> None:
    data = await heard(speaker, ANNA)

    assert data is not None
    assert data["by"] == Actor(id=11, name="Anna K")
    assert data["t"].language == "ru"
    assert abs(datetime.now(UTC) - data["t"].now).total_seconds() < 60


async def test_anybody_else_is_no_admin_and_hears_the_default_language(
    speaker: SpeakerMiddleware,
) -> None:
    data = await heard(speaker, VERA)

    assert data is not None
    assert data["by"] is None
    assert data["t"].language == "en"


async def test_an_update_that_nobody_sent_goes_no_further(speaker: SpeakerMiddleware) -> None:
    assert await heard(speaker, None) is None
