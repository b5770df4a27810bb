"""Adding a booking by hand: the questions, and what became of it."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.adding import by_hand as texts
from bot.views.adding.by_hand import Added, DraftView
from keyboards.adding import by_hand as keyboards


def draft(t: Translator, view: DraftView) -> Screen:
    return Screen(texts.draft(t, view), keyboards.draft(t, view))


def outcome(t: Translator, result: Added | DraftView) -> Screen:
    """Return the booking, or the question again if it is not as the admin saw it."""
    match result:
        case Added():
            return Screen(texts.added(t, result), keyboards.added(t, result))
        case DraftView():
            return draft(t, result)


def dropped(t: Translator) -> Screen:
    return Screen(t("add-dropped"), keyboards.over(t))


def undone(t: Translator, booking_id: int) -> Screen:
    return Screen(t("add-undone", id=booking_id), keyboards.over(t))
