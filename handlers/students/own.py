"""Messages from people who are not admins: they see only their own bookings."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.filters import CommandStart
from aiogram.types import Message, User

from bot.i18n import Translator
from bot.running.pace import Pace
from bot.screens.students import own_bookings
from bot.services.students import StudentService
from db.models.bookings import Booking
from handlers.common.access import in_private
from handlers.common.arguments import bot_of
from handlers.common.screen import send


async def start(
    message: Message, event_from_user: User, students: StudentService, pace: Pace, t: Translator
) -> None:
    """Show the bookings; who asks again and again has the last answer within a second or two."""
    if not await pace.turn(message.chat.id):
        return
    bookings = await note_start(message, event_from_user, students)
    await send(message, own_bookings(t, event_from_user.first_name, bookings))


async def note_start(message: Message, user: User, students: StudentService) -> Sequence[Booking]:
    """Record that a person started this bot; return the person's bookings."""
    return await students.start(
        user.id,
        first_name=user.first_name,
        username=user.username,
        language=user.language_code,
        bot_id=bot_of(message).id,
    )


async def anything_else(message: Message, pace: Pace, t: Translator) -> None:
    if await pace.turn(message.chat.id):
        await message.answer(t("student-anything"))


def register(router: Router) -> None:
    router.message.register(start, in_private, CommandStart(ignore_case=True))
    router.message.register(anything_else, in_private)
