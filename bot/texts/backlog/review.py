"""A review as text."""

from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.bookings import booking_card
from bot.views.review import Decided, Review, ReviewCard, ReviewEnd
from db.models.bookings import BookingAction

_COUNTED: Final = (
    BookingAction.CONFIRM,
    BookingAction.CANCEL,
    BookingAction.MOVE,
    BookingAction.REOPEN,
)


def review(t: Translator, review: Review) -> str:
    match review:
        case ReviewCard():
            return _card(t, review)
        case ReviewEnd():
            return _end(t, review)


def _card(t: Translator, review: ReviewCard) -> str:
    """Return the last decision, what waits, and the card."""
    done = [decided(t, each) for each in review.decided]
    waiting = t("review-waiting", count=review.waiting)
    return "\n".join([*done, waiting, "", booking_card(t, review.card)])


def _end(t: Translator, review: ReviewEnd) -> str:
    """Return what was done, what is left, and what can be undone still."""
    left = t("review-end-left", count=review.waiting) if review.waiting else t("review-end")
    tally = [
        t(f"review-tally-{action}", count=review.tally[action])
        for action in _COUNTED
        if review.tally.get(action)
    ]
    done = [decided(t, each) for each in review.decided]
    return "\n".join([left, *tally, *([""] if done else []), *done])


def decided(t: Translator, decision: Decided) -> str:
    """Return a decision that can be undone, and until when."""
    booking = decision.booking
    return t(
        "review-decided",
        icon=icons.BOOKING[booking.status],
        booking=booking.id,
        name=names.student(t, booking),
        at=t.clock(decision.undo_until),
    )
