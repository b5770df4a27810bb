"""The payloads of the buttons of a review."""

from typing import Final

from bot.views.lists import ListKey
from bot.views.review import Round, Step
from db.models.bookings import EPOCH
from keyboards.payloads.base import Payload
from keyboards.payloads.wire import (
    SECOND,
    BookingId,
    ChoiceId,
    Decision,
    QuestionId,
    Revision,
    Seconds,
    StepName,
    TabName,
    list_of,
    seconds_of,
    tab_of,
)

REVIEW_LINK: Final = "review"
"""What follows `?start=` in a link that begins a review."""


class BeginReviewButton(Payload, prefix="r0"):
    """Begin a review of a list."""

    tab: TabName

    @property
    def list(self) -> ListKey:
        return list_of(self.tab)


class NoticeReviewButton(Payload, prefix="c6"):
    """Review what waits, while the notice stays where it is."""


class _RoundButton(Payload, prefix="-"):
    """A button that remembers the review."""

    tab: TabName
    began: Seconds
    """Since 1970."""

    @classmethod
    def of(cls, round_: Round, **fields: object) -> str:
        """Return the payload that remembers the review and has these further fields."""
        began = seconds_of(round_.began_at)
        return cls.of_fields(tab=tab_of(round_.list), began=began, **fields)

    @property
    def round(self) -> Round:
        return Round(list_of(self.tab), EPOCH + self.began * SECOND)


class ReviewButton(_RoundButton, prefix="r1"):
    """Go a step on from a booking; without one, to the first."""

    step: StepName = Step.NEXT
    booking: BookingId | None = None


class ReviewCancelButton(_RoundButton, prefix="r5"):
    """Ask before the booking at this revision is cancelled."""

    booking: BookingId
    revision: Revision


class ReviewAnswerButton(_RoundButton, prefix="r4"):
    """Cancel the booking that the question is about, then go on."""

    question: QuestionId
    version: Revision
    """Of the words that are on the screen."""
    tell: bool
    choice: ChoiceId | None = None
    """The reason, if one of the list."""


class ReviewDecisionButton(_RoundButton, prefix="r2"):
    """Confirm the booking at this revision, or undo what led to it; then go on."""

    booking: BookingId
    revision: Revision
    action: Decision
