"""A review: one booking after the other."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.backlog import review as texts
from bot.views.review import Review, ReviewCard, ReviewEnd, Round, Step
from db.models.copies import Shown
from keyboards.backlog import review as keyboards
from keyboards.payloads.review import ReviewButton


def review(t: Translator, shown: Review) -> Screen:
    return Screen(texts.review(t, shown), keyboards.review(t, shown), _shown(t, shown))


def gone(t: Translator, booking_id: int, round_: Round) -> Screen:
    """What is left of the booking to decide when it is deleted."""
    return Screen(t("card-gone", booking=booking_id), keyboards.gone(t, round_))


def _shown(t: Translator, review: Review) -> Shown | None:
    """Return the booking to decide, or at the end the one that was decided last."""
    match review:
        case ReviewCard(card=card):
            booking = card.booking
        case ReviewEnd(decided=[newest, *_]):
            booking = newest.booking
        case _:
            return None
    on_screen = booking.id if isinstance(review, ReviewCard) else None
    return Shown(
        booking_id=booking.id,
        revision=booking.revision,
        payload=ReviewButton.of(review.round, step=Step.SAME, booking=on_screen),
        language=t.language,
        until=review.true_until,
    )
