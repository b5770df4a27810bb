"""The page of the person behind a booking."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from bot.screens.people import student_page
from bot.screens.search import found
from bot.services.lists.search import SearchService
from bot.services.people import PersonService
from db.models.audit import Actor
from handlers.common.screen import show
from keyboards.payloads.people import PersonBookingsButton, PersonButton


async def open_person(
    callback: CallbackQuery,
    callback_data: PersonButton,
    people: PersonService,
    by: Actor,
    t: Translator,
) -> None:
    page = await people.page(callback_data.booking, by=by)
    await show(callback, student_page(t, page, callback_data.place))


async def open_bookings(
    callback: CallbackQuery,
    callback_data: PersonBookingsButton,
    search: SearchService,
    by: Actor,
    t: Translator,
) -> None:
    await show(callback, found(t, await search.of_person(callback_data.person, by=by)))


def register(router: Router) -> None:
    router.callback_query.register(open_person, PersonButton.filter())
    router.callback_query.register(open_bookings, PersonBookingsButton.filter())
