"""The log, and why a booking is as it is."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import history as texts
from bot.views.history import Explanation, Log
from bot.views.lists import Origin
from keyboards import history as keyboards


def log(t: Translator, shown: Log) -> Screen:
    return Screen(texts.log(t, shown), keyboards.log(t, shown))


def why(t: Translator, told: Explanation, origin: Origin) -> Screen:
    return Screen(texts.why(t, told), keyboards.why(t, told, origin))
