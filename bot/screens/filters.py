"""The filter panel, the options of a field, and the calendar."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import filters as texts
from bot.views.filters import Choices, Panel
from bot.views.lists import Meaning
from keyboards import filters as keyboards
from keyboards.payloads.filters import CalendarButton
from keyboards.payloads.lists import link_payload


def panel(t: Translator, panel: Panel, bot: str) -> Screen:
    """Return the panel; the link to its list opens the bot with the username `bot`."""
    link = f"https://t.me/{bot}?start={link_payload(panel.key)}"
    return Screen(texts.panel(t, panel), keyboards.panel(t, panel, link))


def choices(t: Translator, choices: Choices) -> Screen:
    return Screen(texts.choices(t, choices), keyboards.choices(t, choices))


def ambiguous(t: Translator, words: str, meanings: Sequence[Meaning]) -> Screen:
    """Return the question which of several lists is meant."""
    return Screen(texts.ambiguous(t, words), keyboards.ambiguous(t, meanings))


def month(t: Translator, payload: CalendarButton) -> Screen:
    return Screen(texts.month(t, payload.field, payload.month), keyboards.month(t, payload))
