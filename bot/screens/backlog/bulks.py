"""Bulks: the choice, the rehearsal, the progress, the report, and whom it concerns."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.backlog import bulks as texts
from bot.views.bulks import BulkChoice, BulkPage, BulkView
from keyboards.backlog import bulks as keyboards


def choices(t: Translator, choice: BulkChoice) -> Screen:
    return Screen(texts.choices(t, choice), keyboards.choices(t, choice))


def bulk(t: Translator, view: BulkView) -> Screen:
    return Screen(texts.bulk(t, view), keyboards.bulk(t, view))


def page(t: Translator, page: BulkPage) -> Screen:
    return Screen(texts.page(t, page), keyboards.page(t, page))
