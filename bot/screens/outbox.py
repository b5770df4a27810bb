"""The outbox: groups, lists, and one message with its history."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import outbox as texts
from bot.views.outbox import MessageCard, MessageList
from db.models.outbox import MessageGroup
from keyboards import outbox as keyboards
from keyboards.payloads.bookings import LostButton
from keyboards.payloads.outbox import MessagesButton


def outbox(t: Translator, groups: Sequence[MessageGroup]) -> Screen:
    return Screen(texts.outbox(t, groups), keyboards.outbox(t, groups))


def message_list(t: Translator, messages: MessageList) -> Screen:
    return Screen(texts.message_list(t, messages), keyboards.message_list(t, messages))


def ask_resend_all(t: Translator, messages: MessageList, twice: bool) -> Screen:
    """Return the question, with a warning if some may have arrived (`twice`)."""
    return Screen(texts.ask_resend_all(t, messages, twice), keyboards.ask_resend_all(t, messages))


def message_card(t: Translator, card: MessageCard, origin: MessagesButton) -> Screen:
    return Screen(texts.message_card(t, card), keyboards.message_card(t, card, origin))


def lost(t: Translator, card: MessageCard, origin: LostButton) -> Screen:
    """Return a message as it is opened from its booking's card, which has the actions."""
    return Screen(texts.message_card(t, card), keyboards.lost(t, card, origin))


def ask_resend(t: Translator, card: MessageCard, origin: MessagesButton) -> Screen:
    return Screen(texts.ask_resend(t, card), keyboards.ask_resend(t, card, origin))
