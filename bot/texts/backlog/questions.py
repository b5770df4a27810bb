"""The questions before a booking is cancelled or moved, as text."""

from collections.abc import Iterable

from bot.i18n import Html, Translator
from bot.texts import students
from bot.texts.bookings import booking_card
from bot.views.bookings import Asked
from db.models.bookings import BookingAction, BookingStatus


def question(t: Translator, asked: Asked, *, by_reply: bool) -> str:
    """Return the card, what is asked, and what the student will read."""
    parts = [booking_card(t, asked.card), _asks(t, asked)]
    if asked.question.action is BookingAction.CANCEL or asked.streams:
        parts += _tells(t, asked)
        if asked.reasons:
            parts.append(t("question-reasons" if asked.tell else "question-reasons-quiet"))
        if by_reply:
            parts.append(t("question-reply"))
    return "\n\n".join(parts)


def _asks(t: Translator, asked: Asked) -> Html:
    if asked.question.action is BookingAction.MOVE:
        return t("choose-stream") if asked.streams else t("choose-stream-none")
    confirmed = asked.card.booking.status is BookingStatus.CONFIRMED
    return t("ask-cancel-confirmed" if confirmed else "ask-cancel")


def _tells(t: Translator, asked: Asked) -> Iterable[Html]:
    """Return what the student will read; if nothing, the words that the log will have."""
    if asked.tell:
        yield t("question-tells", text=Html(_told(t.to(asked.language), asked)))
        return
    yield t("question-quiet")
    if asked.question.words is not None:
        yield t("question-words", words=asked.question.words)


def _told(t: Translator, asked: Asked) -> str:
    question, booking = asked.question, asked.card.booking
    if question.action is BookingAction.CANCEL:
        return students.cancelled(t, booking, question.remark)
    return students.moved(t, booking, question.remark, stream=t.plain("question-new-stream"))
