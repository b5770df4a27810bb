"""The buttons of notices about new bookings, which stay where they are."""

from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.views.bookings import Card
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, markup
from keyboards.payloads.bookings import NoticeCardButton, NoticeDecisionButton
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


def several(t: Translator) -> Markup:
    return markup([button(t.plain("button-review"), NoticeReviewButton.of_fields())])
