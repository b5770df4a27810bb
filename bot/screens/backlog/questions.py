"""The questions before a booking is cancelled or moved."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.backlog import questions as texts
from bot.views.bookings import Asked
from keyboards.backlog import questions as keyboards


def question(t: Translator, asked: Asked, *, by_reply: bool = True) -> Screen:
    """Return the question with what the student will read, in the student's language.

    Where other people read along, words cannot be added by a reply.
    """
    return Screen(texts.question(t, asked, by_reply=by_reply), keyboards.question(t, asked))
