"""The buttons of the outbox."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from bot.i18n import Translator
from bot.texts.outbox import as_plain, group_row, row
from bot.texts.students import start_link
from bot.views.acting import MessageAction, can_be_taken
from bot.views.lists import MessageOrigin
from bot.views.outbox import MessageCard, MessageList
from db.models.outbox import GroupKey, MessageGroup, MessageState
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.message_actions import message_actions
from keyboards.notices import copy, public_profile
from keyboards.paging import pages
from keyboards.payloads.bookings import CardButton, LostButton
from keyboards.payloads.outbox import (
    MessageActionButton,
    MessageButton,
    MessagesButton,
    OutboxButton,
    ResendAllButton,
)

_ACROSS: Final = 2
_RESENDABLE: Final = {MessageState.UNKNOWN, MessageState.WAITING, MessageState.FAILED}


def outbox(t: Translator, groups: Sequence[MessageGroup]) -> Markup:
    """Return a row for each group, then the button to the sent messages."""
    rows = ([button(group_row(t, group), MessagesButton.of(group.key))] for group in groups)
    sent = MessagesButton.of(GroupKey(MessageState.SENT))
    refresh = button(t.plain("button-refresh"), OutboxButton.of_fields())
    return markup(*rows, [button(t.plain("button-sent"), sent), refresh])


def message_list(t: Translator, messages: MessageList) -> Markup:
    """Return a row for each message, then the page buttons, then the action on the whole group."""
    group, page = messages.group, messages.page
    rows = (
        [button(row(t, item), MessageButton.of(group, page.cursor, message=item.message.id))]
        for item in page.items
    )
    resend = []
    if group.state in _RESENDABLE and page.items:
        resend = [button(t.plain("button-resend-all"), ResendAllButton.of(group, page.cursor))]
    others = pages(t, page, lambda cursor: MessagesButton.of(group, cursor))
    refresh = button(t.plain("button-refresh"), MessagesButton.of(group, page.cursor))
    return markup(*rows, others, resend, [_back_to_outbox(t), refresh])


def ask_resend_all(t: Translator, messages: MessageList) -> Markup:
    group, page = messages.group, messages.page
    confirmed = ResendAllButton.of(group, page.cursor, asked=page.total)
    return markup(
        [button(t.plain("button-resend-all-sure"), confirmed)],
        [button(t.plain("button-back"), MessagesButton.of(group, page.cursor))],
    )


def message_card(t: Translator, card: MessageCard, origin: MessagesButton) -> Markup:
    """Return the actions on the message, then the buttons to its booking and back."""
    actions = _actions(t, card, origin)
    refresh = MessageButton.of(origin.group, origin.cursor, message=card.message.id)
    return markup(
        actions[:1],
        *in_rows(actions[1:], _ACROSS),
        _by_hand(t, card),
        _about(t, card),
        [
            button(t.plain("button-back"), MessagesButton.of(origin.group, origin.cursor)),
            button(t.plain("button-refresh"), refresh),
        ],
    )


def lost(t: Translator, card: MessageCard, origin: LostButton) -> Markup:
    """Return the button that copies the text, and the one back to the booking."""
    place, booking = origin.place, origin.booking
    back = button(t.plain("button-back-to-card"), CardButton.of(place, booking=booking))
    refresh = button(
        t.plain("button-refresh"), LostButton.of(place, booking=booking, message=card.message.id)
    )
    return markup(_by_hand(t, card), [back, refresh])


def ask_resend(t: Translator, card: MessageCard, origin: MessagesButton) -> Markup:
    back = MessageButton.of(origin.group, origin.cursor, message=card.message.id)
    return markup(
        [button(t.plain("button-message-resend"), _payload(card, origin, MessageAction.RESEND))],
        [button(t.plain("button-back-to-message"), back)],
    )


def _by_hand(t: Translator, card: MessageCard) -> Iterable[Button]:
    """Return the button that copies a message that an admin may have to send."""
    message = card.message
    if card.booking and message.text is not None and can_be_taken(message):
        yield copy(t, as_plain(message.text), start_link(card.student_bot, card.booking))


def _about(t: Translator, card: MessageCard) -> Iterable[Button]:
    """Return the buttons to the booking that the message is about, and to its student."""
    if card.message.booking_id is not None:
        payload = CardButton.of(MessageOrigin(card.message.id), booking=card.message.booking_id)
        yield button(t.plain("button-booking", id=card.message.booking_id), payload)
    if card.booking and (url := public_profile(card.booking)):
        yield {"text": t.plain("button-profile"), "url": url}


def _actions(t: Translator, card: MessageCard, origin: MessagesButton) -> Sequence[Button]:
    pack = partial(_payload, card, origin)
    return message_actions(t, card.message, card.moves, card.writer, pack)


def _payload(card: MessageCard, origin: MessagesButton, action: MessageAction) -> str:
    return MessageActionButton.of(
        origin.group,
        origin.cursor,
        message=card.message.id,
        attempts=card.message.attempts,
        action=action,
    )


def _back_to_outbox(t: Translator) -> Button:
    return button(t.plain("button-back-to-outbox"), OutboxButton.of_fields())
