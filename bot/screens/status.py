"""How the desk is doing."""

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
    """The whole of /status, as `bot.texts.status` tells it."""
    return Screen(texts.status(t, queue, bots, version=version, mode=mode))
