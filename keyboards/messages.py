"""The buttons of the outbox: pure functions, values in, markup out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.i18n import Translator
from bot.texts.messages import ICONS, group_name, row
from db.models import (
    Edge,
    MessageCard,
    MessageGroup,
    MessageList,
    MessagePlace,
    MessageState,
    Place,
)
from keyboards.callbacks import (
    CardButton,
    MessageAction,
    MessageActionButton,
    MessageButton,
    MessagesButton,
    OutboxButton,
    ResendAllButton,
)
from keyboards.markup import Button, Markup, button, markup

_RESENDABLE: Final = {MessageState.UNKNOWN, MessageState.WAITING, MessageState.FAILED}


def outbox(t: Translator, groups: Sequence[MessageGroup]) -> Markup:
    """A row for each group, then what was sent."""
    rows = (
        [
            button(
                f"{ICONS[group.state]} {group_name(t, group.state, group.reason)} · {group.count}",
                MessagesButton.of(MessagePlace(state=group.state, reason=group.reason)),
            )
        ]
        for group in groups
    )
    sent = MessagesButton.of(MessagePlace(state=MessageState.SENT, reason=None))
    again = button(t.plain("button-refresh"), OutboxButton.of_fields())
    return markup(
        *rows,
        [button(t.plain("button-sent"), sent), again],
    )


def message_list(t: Translator, shown: MessageList, now: datetime) -> Markup:
    """A row for each message, the ways to other pages, and what can be done with them all."""
    place = shown.place
    rows = (
        [button(row(t, each, now), MessageButton.of(place, message=each.message.id))]
        for each in shown.items
    )
    resend = []
    if place.state in _RESENDABLE and shown.items:
        resend = [button(t.plain("button-resend-all"), ResendAllButton.of(place))]
    return markup(*rows, _pages(t, shown), resend, [_back_to_outbox(t)])


def ask_resend_all(t: Translator, shown: MessageList) -> Markup:
    place = shown.place
    sure = ResendAllButton.of(place, asked=shown.total)
    return markup(
        [button(t.plain("button-resend-all-sure"), sure)],
        [button(t.plain("button-back"), MessagesButton.of(place))],
    )


def message_card(t: Translator, card: MessageCard, place: MessagePlace) -> Markup:
    """What can be done with the message, then the ways to its booking and back."""
    return markup(
        (_act(t, card, place, action) for action in _actions(card)),
        _booking(t, card.message.booking_id),
        [button(t.plain("button-back"), MessagesButton.of(place))],
    )


def ask_resend(t: Translator, card: MessageCard, place: MessagePlace) -> Markup:
    back = MessageButton.of(place, message=card.message.id)
    return markup(
        [_act(t, card, place, MessageAction.RESEND)], [button(t.plain("button-back"), back)]
    )


def _booking(t: Translator, booking_id: int | None) -> Iterable[Button]:
    if booking_id is not None:
        payload = CardButton.of(Place(status=None), booking=booking_id)
        yield button(t.plain("button-booking", id=booking_id), payload)


def _actions(card: MessageCard) -> Iterable[MessageAction]:
    if MessageState.QUEUED in card.moves:
        asks = card.message.may_have_arrived
        yield MessageAction.ASK_RESEND if asks else MessageAction.RESEND
    if MessageState.WITHDRAWN in card.moves:
        yield MessageAction.WITHDRAW
        yield MessageAction.TOLD


def _act(t: Translator, card: MessageCard, place: MessagePlace, action: MessageAction) -> Button:
    payload = MessageActionButton.of(
        place, message=card.message.id, attempts=card.message.attempts, action=action
    )
    return button(t.plain(f"button-message-{action.name.lower()}"), payload)


def _pages(t: Translator, shown: MessageList) -> Iterable[Button]:
    def to(edge: Edge, message_id: int | None = None) -> str:
        return MessagesButton.of(replace(shown.place, edge=edge, id=message_id))

    if shown.number > 1:
        yield button(t.plain("button-first"), to(Edge.FIRST))
        yield button(t.plain("button-previous"), to(Edge.BEFORE, shown.items[0].message.id))
    if shown.last > 1:
        label = t.plain("button-page", number=shown.number, last=shown.last)
        yield button(label, MessagesButton.of(shown.place))
    if shown.number < shown.last:
        yield button(t.plain("button-next"), to(Edge.AFTER, shown.items[-1].message.id))
        yield button(t.plain("button-last", last=shown.last), to(Edge.LAST))


def _back_to_outbox(t: Translator) -> Button:
    return button(t.plain("button-back-to-outbox"), OutboxButton.of_fields())
