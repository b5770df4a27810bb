"""The buttons under the card of a booking."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.views.acting import MessageAction, needs_care
from bot.views.bookings import Card
from bot.views.lists import (
    BookingLogOrigin,
    BulkOrigin,
    LogOrigin,
    MessageOrigin,
    Origin,
    PersonOrigin,
    Place,
    ReviewOrigin,
)
from bot.views.review import Round, Step
from db.models.audit import LogFilter
from db.models.bookings import BookingAction, BookingStatus
from db.models.outbox import Message
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.message_actions import lost_actions
from keyboards.notices import public_profile
from keyboards.payloads.bookings import (
    AskCancelButton,
    AskMoveButton,
    CardButton,
    DecisionButton,
    LostActionButton,
    LostButton,
    RemindButton,
    stays_on_card,
)
from keyboards.payloads.bulks import BulkPageButton
from keyboards.payloads.history import LogButton, WhyButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.outbox import OneMessageButton
from keyboards.payloads.people import PersonButton
from keyboards.payloads.review import ReviewButton

_ACROSS: Final = 2


def booking_card(t: Translator, card: Card, origin: Place) -> Markup:
    """Return the actions that the status allows, then the button back to the list."""
    refresh = button(t.plain("button-refresh"), CardButton.of(origin, booking=card.booking.id))
    why = button(t.plain("button-why"), WhyButton.of(origin, booking=card.booking.id))
    return markup(
        _undo(t, card, origin),
        _confirm(t, card, origin),
        _reopen(t, card, origin),
        _others(t, card, origin),
        _remind(t, card, origin),
        *_lost(t, card, origin),
        [*_person(t, card, origin), why],
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


def ask_resend(t: Translator, card: Card, origin: Place) -> Markup:
    again: Sequence[Button] = []
    if card.lost is not None:
        resend = _lost_payload(card.lost, card, origin, MessageAction.RESEND)
        again = [button(t.plain("button-message-resend"), resend)]
    back = CardButton.of(origin, booking=card.booking.id)
    return markup(again, [button(t.plain("button-back-to-card"), back)])


def gone(t: Translator) -> Markup:
    return markup([button(t.plain("button-all"), ListButton.of(Origin()))])


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
        yield button(t.plain("button-move"), AskMoveButton.of(origin, **revision))
    if BookingAction.CANCEL in card.actions:
        ask = AskCancelButton.of(origin, **revision)
        yield button(t.plain("button-cancel"), ask, ButtonStyle.DANGER)


def _remind(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    """Return the button to remind the student of the payment, or to take that back in time."""
    at = {"booking": card.booking.id, "revision": card.booking.revision}
    if card.may_remind:
        yield button(t.plain("button-remind"), RemindButton.of(origin, **at))
    elif card.reminder is not None and card.reminder.is_due_after(t.now):
        yield button(t.plain("button-remind-undo"), RemindButton.of(origin, **at, undo=True))


def _lost(t: Translator, card: Card, origin: Place) -> Iterable[Sequence[Button]]:
    """Return what can be done about a message that has not arrived, and the ways to it."""
    actions: Sequence[Button] = []
    if card.lost is not None:
        pack = partial(_lost_payload, card.lost, card, origin)
        actions = lost_actions(t, card.lost, card.writer, pack)
    newest = card.messages[0] if card.messages else None
    more = [
        button(t.plain(label), LostButton.of(origin, booking=card.booking.id, message=message.id))
        for label, message in (("button-welcome", newest), ("button-telling", card.telling))
        if message is not None and needs_care(message)
    ]
    yield actions[:1]
    yield from in_rows([*actions[1:], *more], _ACROSS)


def _lost_payload(lost: Message, card: Card, origin: Place, action: MessageAction) -> str:
    return LostActionButton.of(
        origin,
        booking=card.booking.id,
        revision=card.booking.revision,
        attempts=lost.attempts,
        action=action,
    )


def _person(t: Translator, card: Card, origin: Place) -> Iterable[Button]:
    """Return the button to the student's page, unless the way back leads there."""
    if not isinstance(origin, PersonOrigin):
        yield button(t.plain("button-person"), PersonButton.of(origin, booking=card.booking.id))


def _profile(t: Translator, card: Card) -> Iterable[Button]:
    if url := public_profile(card.booking):
        yield {"text": t.plain("button-profile"), "url": url}


def _decision(
    t: Translator,
    card: Card,
    origin: Place,
    action: BookingAction,
    label: str,
    style: ButtonStyle | None,
) -> Button:
    payload = DecisionButton.of(
        origin, booking=card.booking.id, revision=card.booking.revision, action=action
    )
    return button(t.plain(label), payload, style)


def _back(t: Translator, booking: int, origin: Place) -> Button:
    match origin:
        case PersonOrigin(outside=outside, booking=first):
            label = "button-back-to-person"
            payload = PersonButton.of(outside, booking=booking if first is None else first)
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
