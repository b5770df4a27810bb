"""The buttons of a review."""

from collections.abc import Iterable
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import names
from bot.views.lists import ListKey, Origin, ReviewOrigin
from bot.views.review import Decided, Review, ReviewCard, ReviewEnd, Round, Step, waits
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, markup
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.review import (
    BeginReviewButton,
    ReviewButton,
    ReviewCancelButton,
    ReviewDecisionButton,
)
from keyboards.payloads.wire import tab_of

_NAME_LENGTH: Final = 16


def begin(t: Translator, key: ListKey) -> Button:
    """Return the button that begins a review of the list."""
    payload = BeginReviewButton.of_fields(tab=tab_of(key))
    return button(t.plain("button-review"), payload, ButtonStyle.PRIMARY)


def review(t: Translator, review: Review) -> Markup:
    match review:
        case ReviewCard():
            return _card(t, review)
        case ReviewEnd():
            return _end(t, review)


def _card(t: Translator, review: ReviewCard) -> Markup:
    """Return the buttons, each always at its place; Undo, which comes and goes, is below them."""
    booking = review.card.booking
    round_ = review.round
    at = {"booking": booking.id, "revision": booking.revision}
    confirm = ReviewDecisionButton.of(round_, **at, action=BookingAction.CONFIRM)
    cancel = ReviewCancelButton.of(round_, **at)
    later = ReviewButton.of(round_, step=Step.NEXT, booking=booking.id)
    previous = ReviewButton.of(round_, step=Step.PREVIOUS, booking=booking.id)
    decisions = [
        button(t.plain("button-confirm"), confirm, ButtonStyle.SUCCESS),
        button(t.plain("button-cancel"), cancel, ButtonStyle.DANGER),
    ]
    # What somebody else has decided only leads on, from where the decisions were.
    further = [button(t.plain("button-review-next"), later, ButtonStyle.PRIMARY)]
    return markup(
        decisions if waits(booking.status) else further,
        [
            button(t.plain("button-review-later"), later),
            button(t.plain("button-review-previous"), previous),
        ],
        [
            button(
                t.plain("button-review-card"),
                CardButton.of(ReviewOrigin(*round_), booking=booking.id),
            ),
            _back(t, round_),
        ],
        *_undo(t, round_, review.decided),
    )


def gone(t: Translator, round_: Round) -> Markup:
    further = ReviewButton.of(round_)
    return markup(
        [button(t.plain("button-review-next"), further, ButtonStyle.PRIMARY)],
        [_back(t, round_)],
    )


def _end(t: Translator, review: ReviewEnd) -> Markup:
    again = []
    if review.waiting:
        again = [
            button(
                t.plain("button-review-again"), ReviewButton.of(review.round), ButtonStyle.PRIMARY
            )
        ]
    return markup(
        *_undo(t, review.round, review.decided),
        again,
        [_back(t, review.round)],
    )


def _undo(t: Translator, round_: Round, decided: Iterable[Decided]) -> Iterable[list[Button]]:
    for each in decided:
        booking = each.booking
        label = t.plain(
            "button-review-undo", booking=booking.id, name=names.student(t, booking, _NAME_LENGTH)
        )
        payload = ReviewDecisionButton.of(
            round_, booking=booking.id, revision=booking.revision, action=BookingAction.UNDO
        )
        yield [button(label, payload)]


def _back(t: Translator, round_: Round) -> Button:
    return button(t.plain("button-back"), ListButton.of(Origin(round_.list)))
