"""Notices about new bookings."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.backlog import arrivals as texts
from bot.views.outbox import Arrivals, Subscriptions
from keyboards.backlog import arrivals as keyboards


def subscriptions(t: Translator, current: Subscriptions) -> Screen:
    """Return who is told of new bookings, and the ways to change that."""
    return Screen(texts.subscriptions(t, current), keyboards.subscriptions(t, current))


def arrivals(t: Translator, new: Arrivals) -> Screen:
    """Return the notice: one booking with what can be done about it, or a list of several."""
    if new.card is not None:
        return Screen(texts.one(t, new.card), keyboards.one(t, new.card))
    return Screen(texts.several(t, new), keyboards.several(t))
