"""The card of one booking, and what can be done with it."""

from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.errors import BookingNotFound, BookingUnclear
from bot.i18n import Translator
from bot.services.bookings import BookingService
from bot.texts import bookings as texts
from db.models import Actor, BookingAction, Card, Place
from handlers.screen import send, show
from keyboards import bookings as keyboards
from keyboards.callbacks import (
    AskCancelButton,
    CardButton,
    DecisionButton,
    MoveButton,
    StreamsButton,
)

_EVERYTHING: Final = Place(status=None)
_LONGEST_ID: Final = 18
"""Digits that surely fit a bigint."""


async def booking(
    message: Message,
    command: CommandObject,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.card(number_of(command.args), by=by)
    text, markup = texts.booking_card(t, card), keyboards.booking_card(t, card, _EVERYTHING)
    await send(message, text, markup)


def number_of(text: str | None) -> int:
    """Return the number of a booking as somebody has written it.

    Raises:
        BookingUnclear: it is no number.
        BookingNotFound: it is longer than the number of any booking.
    """
    number = (text or "").strip().removeprefix("#")
    if not (number.isascii() and number.isdigit()):
        raise BookingUnclear
    if len(number) > _LONGEST_ID:
        raise BookingNotFound(f"{number[:_LONGEST_ID]}…")
    return int(number)


async def open_card(
    callback: CallbackQuery,
    callback_data: CardButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.card(callback_data.booking, by=by)
    await _draw(callback, card, callback_data.place, t)


async def decide(
    callback: CallbackQuery,
    callback_data: DecisionButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    act = {
        BookingAction.CONFIRM: bookings.confirm,
        BookingAction.CANCEL: bookings.cancel,
        BookingAction.UNDO: bookings.undo,
    }
    action = callback_data.action
    card = await act[action](callback_data.booking, revision=callback_data.revision, by=by)
    toast = texts.done(t, action, card)
    await _draw(callback, card, callback_data.place, t, toast=toast)


async def ask_cancel(
    callback: CallbackQuery,
    callback_data: AskCancelButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.card(callback_data.booking, revision=callback_data.revision, by=by)
    await show(
        callback,
        texts.ask_cancel(t, card),
        keyboards.ask_cancel(t, card, callback_data.place),
    )


async def choose_stream(
    callback: CallbackQuery,
    callback_data: StreamsButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card, streams = await bookings.destinations(
        callback_data.booking, revision=callback_data.revision, by=by
    )
    await show(
        callback,
        texts.choose_stream(t, card, streams),
        keyboards.choose_stream(t, card, streams, callback_data),
    )


async def move(
    callback: CallbackQuery,
    callback_data: MoveButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.move(
        callback_data.booking,
        revision=callback_data.revision,
        stream_id=callback_data.stream,
        by=by,
    )
    toast = texts.done(t, BookingAction.MOVE, card)
    await _draw(callback, card, callback_data.place, t, toast=toast)


async def _draw(
    callback: CallbackQuery,
    card: Card,
    place: Place,
    t: Translator,
    *,
    toast: str | None = None,
) -> None:
    text, markup = texts.booking_card(t, card), keyboards.booking_card(t, card, place)
    await show(callback, text, markup, toast=toast)


def register(router: Router) -> None:
    router.message.register(booking, Command("booking"))
    router.callback_query.register(open_card, CardButton.filter())
    router.callback_query.register(decide, DecisionButton.filter())
    router.callback_query.register(ask_cancel, AskCancelButton.filter())
    router.callback_query.register(choose_stream, StreamsButton.filter())
    router.callback_query.register(move, MoveButton.filter())
