"""Texts of messages without a booking, and of kinds that only a newer version has."""

from datetime import UTC, datetime

from bot.texts import outbox as texts
from bot.views.outbox import MessageCard, MessageRow
from db.models.outbox import MessageState
from keyboards import outbox as keyboards
from keyboards.payloads.outbox import MessagesButton
from tests.support.kinds import TRANSLATORS
from tests.support.values import a_booking, a_message

T = TRANSLATORS.of("en", datetime(2026, 3, 5, tzinfo=UTC))
MAILING = a_message(kind="mailing", booking_id=None, revision=None)
CARD = MessageCard(message=MAILING, booking=None, attempts=[], moves=frozenset())


def test_a_line_of_the_list_names_the_kind_and_no_booking() -> None:
    line = texts.row(T, MessageRow(message=MAILING, booking=None))

    assert line.startswith("💌 13 · mailing · ")


def test_a_card_names_the_chat_and_no_booking() -> None:
    card = texts.message_card(T, CARD)

    assert "Mailing" in card
    assert "👤 13\n" in card
    assert "#" not in card


def test_no_button_leads_to_a_booking_that_there_is_not() -> None:
    origin = MessagesButton(state=MessageState.SENT)
    markup = keyboards.message_card(T, CARD, origin)

    [row] = markup["inline_keyboard"]
    assert [button["text"] for button in row] == ["‹ Back to the list", "🔄 Refresh"]


def test_a_message_is_about_the_booking_of_its_revision_alone() -> None:
    assert a_message().is_about(a_booking())
    assert not a_message().is_about(a_booking(first_revision=3))
    assert not a_message().is_about(a_booking(id=8))
    assert not MAILING.is_about(a_booking())
