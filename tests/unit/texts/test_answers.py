"""The longest possible answers to a press fit the 200 characters that Telegram shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.errors import DomainError, WordsAmbiguous, WordsContradict, WordsUnclear
from bot.i18n import Translator, Translators
from bot.texts import bookings as texts
from bot.views.bookings import Card
from db.models.audit import Actor, Change, Placement
from db.models.bookings import BookingAction, BookingStatus
from tests.support.values import a_booking

NOW: Final = datetime(2026, 10, 1, 18, 58, tzinfo=UTC)
TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))

in_both = pytest.mark.parametrize(
    "t", [pytest.param(t, id=t.language) for t in TRANSLATORS.all(NOW)]
)

_OF_WORDS: Final = {WordsAmbiguous, WordsContradict, WordsUnclear}


def units(text: str) -> int:
    """Return the length in UTF-16, as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def worst_card(action: BookingAction) -> Card:
    """Return a card with long numbers, and names of 64 emoji, which count twice each."""
    booking = a_booking(id=2**63 - 1, stream_name="😀" * 64, revision=2)
    outside = action is BookingAction.EXTERNAL
    change = Change(
        id=1,
        booking_id=booking.id,
        revision=2,
        action=action,
        actor=None if outside else Actor(id=2**52, name="😀" * 64),
        at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC),
        age=timedelta(0),
        status_before=BookingStatus.PENDING,
        status_after=BookingStatus.PENDING,
        before=Placement(
            course_id=1
            if outside
            else 2,  # Only other programs move a booking into another course.
            course_name=None,
            course_stream="north",
            stream_name=None,
        ),
        after=Placement(
            course_id=2,
            course_name="😀" * 64,
            course_stream="south",
            stream_name="😀" * 64,
        ),
        user_before=2**52 if outside else None,
        user_id=2**52 + 1,
        user_stream_before=None,
    )
    return Card(
        booking=booking,
        decision=change,
        messages=(),
        actions=frozenset(),
        undo_until=None,
    )


@in_both
@pytest.mark.parametrize("action", ["confirm", "cancel", "move", "undo"])
def test_a_toast_is_short_enough_at_its_worst(t: Translator, action: str) -> None:
    card = replace(worst_card(BookingAction(action)), decision=None)

    assert units(texts.done(t, BookingAction(action), card)) <= 200


@in_both
@pytest.mark.parametrize(
    "action", sorted(set(BookingAction) - {BookingAction.DELETE, BookingAction.REMIND})
)
def test_an_alert_about_a_change_is_short_enough_at_its_worst(
    t: Translator, action: BookingAction
) -> None:
    assert units(texts.changed(t, worst_card(action))) <= 200


@in_both
@pytest.mark.parametrize(
    "text_id",
    sorted(
        # `_OF_WORDS` answer only a command, and a message has room for all its words.
        {error.text_id for error in set(DomainError.__subclasses__()) - _OF_WORDS}
        | {"alert-outdated", "alert-stranger", "error-busy", "error-bug"}
    ),
)
def test_a_refusal_is_short_enough_for_an_alert(t: Translator, text_id: str) -> None:
    longest = 2**63 - 1
    values: dict[str, str | int] = {
        "booking": longest,
        "message": longest,
        "longest": longest,
        "name": "😀" * 20,
        "days": 30,
        "username": f"@{'w' * 32}",
        "reason": "r" * 90,
    }

    assert units(t.plain(text_id, **values)) <= 200
