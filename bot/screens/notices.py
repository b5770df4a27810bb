"""Notices to admins."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import notices as texts
from bot.texts.students import by_hand, start_link
from bot.views.alerts import Alert
from bot.views.outbox import Notice
from keyboards import notices as keyboards


def unreached(t: Translator, students_t: Translator, notice: Notice, *, bot: str) -> Screen:
    """Return the notice about one student, or about several.

    The text to send by hand is in `students_t`; its link starts the `bot` that students know.
    """
    if len(notice.students) > 1:
        return Screen(texts.several(t, notice), keyboards.several(t, notice))
    [student] = notice.students
    text_by_hand = link = ""
    if student.booking is not None:
        text_by_hand = by_hand(students_t, student.message, student.booking)
        link = start_link(bot, student.booking)
    text = texts.unreached(t, student, text_by_hand, link)
    return Screen(text, keyboards.unreached(t, student, text_by_hand, link))


def alert(t: Translator, about: Alert, *, waiting: int) -> Screen:
    """Return the alert; `waiting` is the number of messages that wait to leave."""
    return Screen(texts.alert(t, about, waiting))
