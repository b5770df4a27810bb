"""The screen of /status."""

from collections.abc import Mapping

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import status as texts
from db.models.outbox import QueueState


def status(
    t: Translator,
    queue: QueueState | None,
    bots: Mapping[str, bool],
    *,
    version: str,
    mode: str,
) -> Screen:
    """Return /status; `bot.texts.status` describes the parameters."""
    return Screen(texts.status(t, queue, bots, version=version, mode=mode))
