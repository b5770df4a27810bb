"""The log, and the explanation of a booking's state."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import history as texts
from bot.views.history import Explanation, Log
from bot.views.lists import Origin
from keyboards import history as keyboards


def log(t: Translator, log: Log) -> Screen:
    return Screen(texts.log(t, log), keyboards.log(t, log))


def why(t: Translator, explanation: Explanation, origin: Origin) -> Screen:
    return Screen(texts.why(t, explanation), keyboards.why(t, explanation, origin))
