"""The buttons under the card of a booking."""

from collections.abc import Iterable, Sequence
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import names
from db.models import (
    BookingAction,
    BookingStatus,
    Card,
    Place,
    Stream,
)
from keyboards.callbacks import (
    AskCancelButton,
    CardButton,
    DecisionButton,
    ListButton,
    MoveButton,
    PersonButton,
    StreamsButton,
    WhyButton,
)
from keyboards.markup import Button, Markup, button, markup

STREAMS_SHOWN: Final = 8


def booking_card(t: Translator, card: Card, place: Place) -> Markup:
    """What the status allows, then the way back to where the card was opened."""
    again = button(t.plain("button-refresh"), CardButton.of(place, booking=card.booking.id))
    person = button(t.plain("button-person"), PersonButton.of(place, booking=card.booking.id))
    why = button(t.plain("button-why"), WhyButton.of(place, booking=card.booking.id))
    return markup(
        _undo(t, card, place), _actions(t, card, place), [person, why], [_back(t, place), again]
    )


def ask_cancel(t: Translator, card: Card, place: Place) -> Markup:
    return markup(
        [_decision(t, card, place, BookingAction.CANCEL, "button-cancel-anyway")],
        [_back_to_card(t, card, place)],
    )


def choose_stream(
    t: Translator, card: Card, streams: Sequence[Stream], asked: StreamsButton
) -> Markup:
    """A row for each stream of this part of the list, then the ways to its other parts."""
    shown = streams[asked.offset : asked.offset + STREAMS_SHOWN]
    move = {"booking": card.booking.id, "revision": card.booking.revision}
    rows = (
        [button(names.stream_title(each), MoveButton.of(asked.place, stream=each.id, **move))]
        for each in shown
    )
    turns = (
        ("button-previous", asked.offset - STREAMS_SHOWN),
        ("button-next", asked.offset + STREAMS_SHOWN),
    )
    return markup(
        *rows,
        [
            button(t.plain(label), StreamsButton.of(asked.place, offset=offset, **move))
            for label, offset in turns
            if 0 <= offset < len(streams)
        ],
        [_back_to_card(t, card, asked.place)],
    )


def _undo(t: Translator, card: Card, place: Place) -> Iterable[Button]:
    if BookingAction.UNDO in card.actions:
        yield _decision(t, card, place, BookingAction.UNDO, "button-undo", ButtonStyle.PRIMARY)


def _actions(t: Translator, card: Card, place: Place) -> Iterable[Button]:
    revision = {"booking": card.booking.id, "revision": card.booking.revision}
    if BookingAction.CONFIRM in card.actions:
        reopens = card.booking.status is BookingStatus.CANCELLED
        label = "button-reopen" if reopens else "button-confirm"
        yield _decision(t, card, place, BookingAction.CONFIRM, label, ButtonStyle.SUCCESS)
    if BookingAction.MOVE in card.actions:
        yield button(t.plain("button-move"), StreamsButton.of(place, **revision))
    if BookingAction.CANCEL not in card.actions:
        return
    if card.booking.status is BookingStatus.CONFIRMED:
        ask = AskCancelButton.of(place, **revision)
        yield button(t.plain("button-cancel"), ask, ButtonStyle.DANGER)
    else:
        yield _decision(t, card, place, BookingAction.CANCEL, "button-cancel", ButtonStyle.DANGER)


def _decision(
    t: Translator,
    card: Card,
    place: Place,
    action: BookingAction,
    label: str,
    style: ButtonStyle = ButtonStyle.DANGER,
) -> Button:
    payload = DecisionButton.of(
        place, booking=card.booking.id, revision=card.booking.revision, action=action
    )
    return button(t.plain(label), payload, style)


def _back(t: Translator, place: Place) -> Button:
    return button(t.plain("button-back"), ListButton.of(place))


def _back_to_card(t: Translator, card: Card, place: Place) -> Button:
    return button(t.plain("button-back-to-card"), CardButton.of(place, booking=card.booking.id))
