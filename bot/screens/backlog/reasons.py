"""The list of reasons for a cancellation."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.backlog import reasons as texts
from db.models.decisions.reasons import Reason
from keyboards.backlog import reasons as keyboards


def reasons(t: Translator, listed: Sequence[Reason], removed: Reason | None = None) -> Screen:
    """Return the list; what was just removed can be put back."""
    return Screen(texts.reasons(t, listed, removed), keyboards.reasons(t, listed, removed))
