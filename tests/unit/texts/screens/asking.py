"""The questions before a booking is cancelled or moved, with the longest values."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from bot.i18n import Translator
from bot.screens.backlog import questions
from bot.screens.backlog.reasons import reasons
from bot.screens.screen import Screen
from bot.views.bookings import Asked
from bot.views.lists import Origin
from bot.views.review import Round, Step
from db.models.audit import Remark
from db.models.bookings import BookingAction, BookingStatus
from db.models.counts import AtLeast
from db.models.decisions.questions import LONGEST_WORDS, Question
from db.models.decisions.reasons import Reason
from db.models.outbox import MessageState
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.review import ReviewButton
from tests.unit.texts.screens.every import NOW, SAVED, STREAMS, a_card

BACKS: Final = (
    CardButton.of(Origin(), booking=1),
    ReviewButton.of(Round(SAVED, NOW), step=Step.SAME, booking=1),
)
HEADS: Final = {stream.code: AtLeast(1000) for stream in STREAMS}
REASONS: Final = [Reason(n, Remark({"ru": "Мы не получили оплату."})) for n in range(8)]
ACTIONS: Final = (BookingAction.CANCEL, BookingAction.MOVE)


def question_screens(t: Translator) -> Iterator[Screen]:
    card = a_card(BookingStatus.CONFIRMED, BookingAction.CONFIRM, MessageState.FAILED)
    for action, back, tell, words in product(
        ACTIONS, BACKS, (False, True), (None, "Ж" * LONGEST_WORDS)
    ):
        question = Question(
            id=1, booking_id=1, revision=1, action=action, back=back, words=words, version=1
        )
        for streams in (STREAMS, []) if action is BookingAction.MOVE else ([],):
            yield questions.question(
                t,
                Asked(
                    question=question,
                    card=card,
                    tell=tell,
                    language="ru",
                    reasons=[] if streams else REASONS,
                    streams=streams,
                    offset=8 if streams else 0,
                    heads=HEADS,
                ),
            )
    for listed, removed in ((REASONS, None), ([], REASONS[0])):
        yield reasons(t, listed, removed)
