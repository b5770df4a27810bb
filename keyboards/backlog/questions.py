"""The buttons of the questions before a booking is cancelled or moved."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.backlog.reasons import label
from bot.views.bookings import STREAMS_PER_PAGE, Asked
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import turns
from keyboards.payloads.questions import AnswerButton, QuestionButton
from keyboards.payloads.review import ReviewAnswerButton, ReviewButton

_STREAM_LENGTH: Final = 24


def question(t: Translator, asked: Asked) -> Markup:
    """Return the answers, the switch that tells the student, and the way back."""
    back = button(t.plain("button-back-to-card"), asked.question.back)
    return markup(*_answers(t, asked), _pages(t, asked), _switch(t, asked), [back])


def _answers(t: Translator, asked: Asked) -> Iterable[Sequence[Button]]:
    for reason in asked.reasons:
        yield [button(label(t, reason), _answer(asked, reason.id), ButtonStyle.DANGER)]
    if asked.question.action is BookingAction.CANCEL:
        yield [button(t.plain("button-cancel-anyway"), _answer(asked), ButtonStyle.DANGER)]
    for stream in asked.streams[asked.offset : asked.offset + STREAMS_PER_PAGE]:
        text = t.plain(
            "button-stream",
            stream=names.stream_title(stream, _STREAM_LENGTH),
            heads=asked.heads.get(stream.code, 0),
        )
        yield [button(text, _answer(asked, stream.id))]


def _pages(t: Translator, asked: Asked) -> Iterable[Button]:
    following = asked.offset + STREAMS_PER_PAGE
    return turns(
        t,
        asked.offset - STREAMS_PER_PAGE if asked.offset else None,
        following if following < len(asked.streams) else None,
        lambda offset: _again(asked, tell=asked.tell, offset=offset),
    )


def _switch(t: Translator, asked: Asked) -> Iterable[Button]:
    """Return the switch, if somebody could be told, and if there is something to tell."""
    moves = asked.question.action is BookingAction.MOVE
    if asked.card.booking.user_id is None or (moves and not asked.streams):
        return
    tell = t.plain("button-tell")
    marked = f"{icons.CHOSEN} {tell}" if asked.tell else tell
    yield button(marked, _again(asked, tell=not asked.tell, offset=asked.offset))


def _again(asked: Asked, *, tell: bool, offset: int) -> str:
    return QuestionButton.of_fields(question=asked.question.id, tell=tell, offset=offset)


def _answer(asked: Asked, choice: int | None = None) -> str:
    question = asked.question
    fields = {
        "question": question.id,
        "version": question.version,
        "tell": asked.tell,
        "choice": choice,
    }
    with suppress(TypeError, ValueError):
        return ReviewAnswerButton.of(ReviewButton.unpack(question.back).round, **fields)
    return AnswerButton.of_fields(**fields)
