"""The page of a person."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import people as texts
from bot.views.lists import Place
from bot.views.people import StudentPage
from keyboards import people as keyboards


def student_page(t: Translator, page: StudentPage, origin: Place) -> Screen:
    return Screen(texts.student_page(t, page), keyboards.student_page(t, page, origin))
