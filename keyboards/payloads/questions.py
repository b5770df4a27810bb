"""The payloads of the questions before a booking is cancelled or moved."""

from collections.abc import Iterable
from contextlib import suppress

from keyboards.payloads.base import Payload
from keyboards.payloads.review import ReviewAnswerButton
from keyboards.payloads.wire import ChoiceId, Offset, QuestionId, Revision


class QuestionButton(Payload, prefix="k2"):
    """Ask the question again, about this switch, with the streams from number `offset` on."""

    question: QuestionId
    tell: bool
    offset: Offset = 0


class AnswerButton(Payload, prefix="k3"):
    """Cancel the booking that the question is about, or move it into the stream."""

    question: QuestionId
    version: Revision
    """Of the words that are on the screen."""
    tell: bool
    choice: ChoiceId | None = None
    """The stream; or the reason of a cancellation, if one of the list."""


class ReasonsButton(Payload, prefix="n0"):
    """Show the list of reasons."""


class ReasonButton(Payload, prefix="n1"):
    """Take a reason off the list, or put it back."""

    reason: ChoiceId
    listed: bool


def lists_reasons(payloads: Iterable[str | None]) -> bool:
    """Whether a message with these buttons is the list of reasons."""
    return ReasonsButton.of_fields() in payloads


def question_in(payloads: Iterable[str | None]) -> QuestionButton | None:
    """Return the question that a message with these buttons asks, as it is on the screen."""
    for data in payloads:
        for button in (AnswerButton, ReviewAnswerButton):
            with suppress(TypeError, ValueError):
                answer = button.unpack(data or "")
                return QuestionButton(question=answer.question, tell=answer.tell)
    return None
