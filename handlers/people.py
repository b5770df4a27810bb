"""The page of the person behind a booking."""

from datetime import datetime

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from bot.services.people import PersonService
from bot.services.search import SearchService
from bot.texts.people import student_page as page_text
from db.models import Actor
from handlers.screen import show
from handlers.search import screen_of
from keyboards.callbacks import PersonBookingsButton, PersonButton
from keyboards.people import student_page as page_markup


async def open_person(
    callback: CallbackQuery,
    callback_data: PersonButton,
    people: PersonService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    page = await people.page(callback_data.booking, by=admin)
    await show(callback, page_text(t, page, now), page_markup(t, page, callback_data.place, now))


async def open_bookings(
    callback: CallbackQuery,
    callback_data: PersonBookingsButton,
    search: SearchService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    found = await search.of_person(callback_data.person, by=admin)
    await show(callback, *screen_of(t, found, now))


def register(router: Router) -> None:
    router.callback_query.register(open_person, PersonButton.filter())
    router.callback_query.register(open_bookings, PersonBookingsButton.filter())
