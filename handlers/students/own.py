"""Messages from people who are not admins: they see only their own bookings."""

from functools import partial

from aiogram import Router
from aiogram.filters import CommandStart
from aiogram.types import Message, User

from bot.i18n import Translator
from bot.screens.students import own_bookings
from bot.services.students import StudentService
from bot.telegram.answers import Answers
from handlers.common.access import in_private
from handlers.common.arguments import bot_of
from handlers.common.screen import send


async def start(
    message: Message,
    event_from_user: User,
    students: StudentService,
    answers: Answers,
    t: Translator,
) -> None:
    """Note it at once, and show the bookings as they are when it is this chat's turn."""
    await note_start(message, event_from_user, students)
    answers.owe(message.chat.id, partial(_show_own, message, event_from_user, students, t))


async def _show_own(message: Message, user: User, students: StudentService, t: Translator) -> None:
    bookings = await students.bookings(user.id)
    await send(message, own_bookings(t, user.first_name, bookings))


async def note_start(message: Message, user: User, students: StudentService) -> None:
    """Record that a person started this bot."""
    await students.start(
        user.id,
        first_name=user.first_name,
        username=user.username,
        language=user.language_code,
        at=message.date,
        bot_id=bot_of(message).id,
    )


async def anything_else(message: Message, answers: Answers, t: Translator) -> None:
    answers.owe(message.chat.id, partial(message.answer, t("student-anything")))


def register(router: Router) -> None:
    router.message.register(start, in_private, CommandStart(ignore_case=True))
    router.message.register(anything_else, in_private)
