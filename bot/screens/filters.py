"""The filter panel, all the options of a field, and the calendar."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import filters as texts
from bot.views.filters import Choices, Panel
from keyboards import filters as keyboards
from keyboards.payloads.filters import CalendarButton
from keyboards.payloads.lists import link_payload


def panel(t: Translator, shown: Panel, bot: str) -> Screen:
    """The panel; the link to its list opens the bot with this username."""
    link = f"https://t.me/{bot}?start={link_payload(shown.key)}"
    return Screen(texts.panel(t, shown), keyboards.panel(t, shown, link))


def choices(t: Translator, shown: Choices) -> Screen:
    return Screen(texts.choices(t, shown), keyboards.choices(t, shown))


def month(t: Translator, asked: CalendarButton) -> Screen:
    return Screen(texts.month(t, asked.field, asked.month), keyboards.month(t, asked))
