"""The log, and the explanation of a booking's state."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import history as texts
from bot.views.history import Explanation, Log
from bot.views.lists import Place
from keyboards import history as keyboards
from keyboards.payloads.history import HistoryButton


def log(t: Translator, log: Log) -> Screen:
    return Screen(texts.log(t, log), keyboards.log(t, log))


def history(t: Translator, log: Log, payload: HistoryButton) -> Screen:
    """Return the log of one booking or person, opened by a button that knows the way back."""
    return Screen(texts.log(t, log), keyboards.history(t, log, payload))


def why(t: Translator, explanation: Explanation, origin: Place) -> Screen:
    return Screen(texts.why(t, explanation), keyboards.why(t, explanation, origin))
