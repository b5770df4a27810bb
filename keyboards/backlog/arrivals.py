"""The buttons of notices about new bookings, which stay where they are."""

from collections.abc import Iterable
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.views.bookings import Card
from bot.views.lists import Origin
from bot.views.outbox import Subscriptions
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, markup
from keyboards.payloads.bookings import NoticeCardButton, NoticeDecisionButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.outbox import SubscriptionButton
from keyboards.payloads.review import NoticeReviewButton

_OFFERED: Final = {
    BookingAction.UNDO: ("button-undo", ButtonStyle.PRIMARY),
    BookingAction.CONFIRM: ("button-confirm", ButtonStyle.SUCCESS),
}


def one(t: Translator, card: Card) -> Markup:
    """Return what takes one tap, and the way to all the rest."""
    booking = card.booking
    offered: list[Button] = [
        button(
            t.plain(label),
            NoticeDecisionButton.of_fields(
                booking=booking.id, revision=booking.revision, action=action
            ),
            style,
        )
        for action, (label, style) in _OFFERED.items()
        if action in card.actions
    ]
    opened = NoticeCardButton.of_fields(booking=booking.id)
    return markup(offered[:1], [button(t.plain("button-booking", id=booking.id), opened)])


def subscriptions(t: Translator, current: Subscriptions) -> Markup:
    label = t.plain("button-notify-stop" if current.own else "button-notify")
    own = SubscriptionButton.of_fields(told=not current.own, group=False)
    return markup(
        [button(label, own)],
        _of_group(t, current.group),
        [button(t.plain("button-all"), ListButton.of(Origin()))],
    )


def _of_group(t: Translator, told: bool | None) -> Iterable[Button]:
    if told is not None:
        label = t.plain("button-notify-group-stop" if told else "button-notify-group")
        yield button(label, SubscriptionButton.of_fields(told=not told, group=True))


def several(t: Translator) -> Markup:
    return markup([button(t.plain("button-review"), NoticeReviewButton.of_fields())])
