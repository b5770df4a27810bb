"""The screen of /status."""

from collections.abc import Mapping

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import status as texts
from bot.views.status import DeskState


def status(
    t: Translator,
    state: DeskState | None,
    bots: Mapping[str, bool],
    *,
    version: str,
    mode: str,
) -> Screen:
    """Return /status; `bot.texts.status` describes the parameters."""
    return Screen(texts.status(t, state, bots, version=version, mode=mode))
