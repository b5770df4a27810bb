"""A review: one booking after the other."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.backlog import review as texts
from bot.views.review import Review
from keyboards.backlog import review as keyboards


def review(t: Translator, shown: Review) -> Screen:
    return Screen(texts.review(t, shown), keyboards.review(t, shown))
