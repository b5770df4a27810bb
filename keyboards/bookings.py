"""The buttons under the card of a booking."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import names
from bot.views.bookings import Card, Destinations
from bot.views.lists import (
    BookingLogOrigin,
    BulkOrigin,
    LogOrigin,
    MessageOrigin,
    Origin,
    PersonOrigin,
    Place,
    ReviewOrigin,
    outside_of,
)
from bot.views.outbox import IN_TROUBLE, MessageAction
from bot.views.review import Round, Step
from db.models.audit import LogFilter
from db.models.bookings import BookingAction, BookingStatus
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.message_actions import welcome_actions
from keyboards.notices import public_profile
from keyboards.paging import turns
from keyboards.payloads.bookings import (
    AskCancelButton,
    CardButton,
    DecisionButton,
    MoveButton,
    RemindButton,
    StreamsButton,
    WelcomeActionButton,
    WelcomeButton,
    stays_on_card,
)
from keyboards.payloads.bulks import BulkPageButton
from keyboards.payloads.history import LogButton, WhyButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.outbox import OneMessageButton
from keyboards.payloads.people import PersonButton
from keyboards.payloads.review import ReviewButton

STREAMS_PER_PAGE: Final = 8
_STREAM_LENGTH: Final = 24
_ACROSS: Final = 2


def booking_card(t: Translator, card: Card, origin: Place) -> Markup:
    """Return the actions that the status allows, then the button back to the list."""
    refresh = button(t.plain("button-refresh"), CardButton.of(origin, booking=card.booking.id))
    person = button(
        t.plain("button-person"), PersonButton.of(outside_of(origin), booking=card.booking.id)
    )
    why = button(t.plain("button-why"), WhyButton.of(origin, booking=card.booking.id))
    return markup(
        _undo(t, card, origin),
        _confirm(t, card, origin),
        _reopen(t, card, origin),
        _others(t, card, origin),
        _remind(t, card, origin),
        *_welcome(t, card, origin),
        [person, why],
        [*_profile(t, card), refresh],
        [_back(t, card.booking.id, origin)],
    )


def posted(shown: Markup) -> Markup:
    """Return the buttons that work where others read along: those about this booking alone."""
    return markup(
        *(
            [each for each in row if stays_on_card(each.get("callback_data"))]
            for row in shown["inline_keyboard"]
        )
    )


def ask_cancel(t: Translator, card: Card, origin: Place) -> Markup:
    return markup(
        [_decision(t, card, origin, BookingAction.CANCEL, "button-cancel-anyway")],
        [_back_to_card(t, card, origin)],
    )


def ask_resend(t: Translator, card: Card, payload: WelcomeActionButton) -> Markup:
    resend = _welcome_payload(card, payload.place, MessageAction.RESEND)
    return markup(
        [button(t.plain("button-message-resend"), resend)],
        [_back_to_card(t, card, payload.place)],
    )


def gone(t: Translator) -> Markup:
    return markup([button(t.plain("button-all"), ListButton.of(Origin()))])


def choose_stream(t: Translator, destinations: Destinations, payload: StreamsButton) -> Markup:
    """Return a row for each stream of this page, with its heads, then the page buttons."""
    card, streams = destinations.card, destinations.streams
    page = streams[payload.offset : payload.offset + STREAMS_PER_PAGE]
    move = {"booking": card.booking.id, "revision": card.booking.revision}
    rows = (
        [
            button(
                t.plain(
                    "button-stream",
                    stream=names.stream_title(stream, _STREAM_LENGTH),
                    heads=destinations.heads.get(stream.code, 0),
                ),
                MoveButton.of(payload.place, stream=stream.id, **move),
            )
        ]
        for stream in page
    )
    following = payload.offset + STREAMS_PER_PAGE
    return markup(
        *rows,
        turns(
            t,
            payload.offset - STREAMS_PER_PAGE if payload.offset else None,
            following if following < len(streams) else None,
            lambda offset: StreamsButton.of(payload.place, offset=offset, **move),
        ),
        [_back_to_card(t, card, payload.place)],
    )


def _undo(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    if BookingAction.UNDO in card.actions:
        yield _decision(t, card, origin, BookingAction.UNDO, "button-undo", ButtonStyle.PRIMARY)


def _confirm(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    if BookingAction.CONFIRM in card.actions:
        reopens = card.booking.status is BookingStatus.CANCELLED
        label = "button-reopen-confirm" if reopens else "button-confirm"
        yield _decision(t, card, origin, BookingAction.CONFIRM, label, ButtonStyle.SUCCESS)


def _reopen(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    if BookingAction.REOPEN in card.actions:
        yield _decision(t, card, origin, BookingAction.REOPEN, "button-reopen", None)


def _others(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    revision = {"booking": card.booking.id, "revision": card.booking.revision}
    if BookingAction.MOVE in card.actions:
        yield button(t.plain("button-move"), StreamsButton.of(origin, **revision))
    if BookingAction.CANCEL not in card.actions:
        return
    if card.booking.status is BookingStatus.CONFIRMED:
        ask = AskCancelButton.of(origin, **revision)
        yield button(t.plain("button-cancel"), ask, ButtonStyle.DANGER)
    else:
        yield _decision(t, card, origin, BookingAction.CANCEL, "button-cancel", ButtonStyle.DANGER)


def _remind(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    """Return the button to remind the student of the payment, or to take that back in time."""
    at = {"booking": card.booking.id, "revision": card.booking.revision}
    if card.may_remind:
        yield button(t.plain("button-remind"), RemindButton.of(origin, **at))
    elif card.reminder is not None and card.reminder.is_due_after(t.now):
        yield button(t.plain("button-remind-undo"), RemindButton.of(origin, **at, undo=True))


def _welcome(t: Translator, card: Card, origin: Place) -> Iterable[Sequence[Button]]:
    """Return what can be done about a welcome that has not arrived, and the button to it."""
    if not card.messages:
        return
    welcome = card.messages[0]
    actions: Sequence[Button] = []
    if card.booking.status is BookingStatus.CONFIRMED:
        pack = partial(_welcome_payload, card, origin)
        actions = welcome_actions(t, welcome, card.writer, pack)
    yield actions[:1]
    more = []
    if actions or welcome.state in IN_TROUBLE:
        more = [
            button(t.plain("button-welcome"), WelcomeButton.of(origin, booking=card.booking.id))
        ]
    yield from in_rows([*actions[1:], *more], _ACROSS)


def _welcome_payload(card: Card, origin: Place, action: MessageAction) -> str:
    return WelcomeActionButton.of(
        origin,
        booking=card.booking.id,
        revision=card.booking.revision,
        attempts=card.messages[0].attempts,
        action=action,
    )


def _profile(t: Translator, card: Card) -> Iterable[Button]:
    if url := public_profile(card.booking):
        yield {"text": t.plain("button-profile"), "url": url}


def _decision(
    t: Translator,
    card: Card,
    origin: Place,
    action: BookingAction,
    label: str,
    style: ButtonStyle | None = ButtonStyle.DANGER,
) -> Button:
    payload = DecisionButton.of(
        origin, booking=card.booking.id, revision=card.booking.revision, action=action
    )
    return button(t.plain(label), payload, style)


def _back(t: Translator, booking: int, origin: Place) -> Button:
    match origin:
        case PersonOrigin(outside=outside):
            label, payload = "button-back-to-person", PersonButton.of(outside, booking=booking)
        case ReviewOrigin(list=key, began_at=began_at):
            label = "button-back-to-review"
            payload = ReviewButton.of(Round(key, began_at), step=Step.SAME, booking=booking)
        case LogOrigin(filter=criteria, cursor=cursor):
            label, payload = "button-back-to-log", LogButton.of(criteria, cursor)
        case BookingLogOrigin():
            label, payload = "button-back-to-log", LogButton.of(LogFilter(booking=booking))
        case MessageOrigin(message=message):
            label, payload = "button-back-to-message", OneMessageButton.of_fields(message=message)
        case BulkOrigin():
            label, payload = "button-back", BulkPageButton.of(origin)
        case _:
            label = "button-all" if origin == Origin() else "button-back"
            payload = ListButton.of(origin)
    return button(t.plain(label), payload)


def _back_to_card(t: Translator, card: Card, origin: Place) -> Button:
    return button(t.plain("button-back-to-card"), CardButton.of(origin, booking=card.booking.id))
