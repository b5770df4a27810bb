"""The outbox as text: groups, lists, and one message with its history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import names
from bot.texts.bookings import OF_THE_READER, message_line, reason_words
from db.models import (
    Attempt,
    Message,
    MessageCard,
    MessageGroup,
    MessageList,
    MessageRow,
    MessageState,
    Reason,
)

ICONS: Final[Mapping[MessageState, str]] = {
    MessageState.QUEUED: "📤",
    MessageState.SENDING: "📤",
    MessageState.SENT: "💌",
    MessageState.UNKNOWN: "❓",
    MessageState.WAITING: "📪",
    MessageState.FAILED: "⚠️",
    MessageState.WITHDRAWN: "✉️",
}


def outbox(t: Translator, groups: Sequence[MessageGroup]) -> str:
    """What is not delivered; a button each says how many, in which state and why."""
    heading = t("outbox-heading")
    if not groups:
        return f"{heading}\n\n{t('outbox-empty')}"
    total = t("outbox-total", count=sum(group.count for group in groups))
    return f"{heading} · {total}\n\n{t('outbox-hint')}"


def group_name(t: Translator, state: MessageState, reason: Reason | None) -> str:
    """A state and its reason in words; plain text.

    Words to admins are in the same groups as welcomes.
    """
    name = t.plain(f"message-state-{state}")
    if reason is None:
        return name
    whose = "reader" if reason in OF_THE_READER else "reason"
    return f"{name}: {t.plain(f'{whose}-{reason}')}"


def kind_name(t: Translator, kind: str) -> str:
    """A kind of messages in words; plain text. What only a newer program knows has but a name."""
    text_id = f"message-kind-{kind}"
    return t.plain(text_id) if text_id in t.ids else kind


def message_list(t: Translator, shown: MessageList) -> str:
    place = shown.place
    name = group_name(t, place.state, place.reason)
    heading = t("list-heading", icon=ICONS[place.state], name=name)
    if not shown.items:
        return f"{heading}\n\n{t('outbox-group-empty')}"
    return f"{heading}\n{t('list-place', number=shown.number, last=shown.last)}"


def row(t: Translator, item: MessageRow, now: datetime) -> str:
    """A message as one line of a list; plain text."""
    message = item.message
    booking = [] if message.booking_id is None else [f"#{message.booking_id}"]
    name = names.student(item.booking, 20) if item.booking else str(message.chat_id)
    age = t.age(message.ended_at or message.created_at, now)
    words = " · ".join([*booking, name, kind_name(t, message.kind), age])
    return f"{ICONS[message.state]} {words}"


def message_card(t: Translator, card: MessageCard, now: datetime) -> str:
    """One message: for whom, what has become of it, each attempt, and what it says."""
    message = card.message
    lines = [
        t("message-heading", id=message.id, kind=kind_name(t, message.kind)),
        _about(t, card),
        "",
        message_line(t, message, now),
        *([t("message-maybe-twice")] if message.maybe_twice else []),
        *(_attempt(t, message, each, now) for each in card.attempts),
    ]
    if message.text is not None:
        # It is HTML already: this very text was given to Telegram.
        lines += ["", t("message-text", text=Html(message.text))]
    return "\n".join(lines)


def ask_resend(t: Translator, card: MessageCard, now: datetime) -> str:
    return f"{message_card(t, card, now)}\n\n{t('ask-resend')}"


def ask_resend_all(t: Translator, shown: MessageList, twice: bool) -> str:
    """Ask, and warn where `twice` says that some may have arrived."""
    text_id = "ask-resend-all-some" if twice else "ask-resend-all"
    if shown.place.state is MessageState.UNKNOWN:
        text_id = "ask-resend-all-unknown"
    return f"{message_list(t, shown)}\n\n{t(text_id, count=shown.total)}"


def _about(t: Translator, card: MessageCard) -> str:
    name = names.student(card.booking) if card.booking else str(card.message.chat_id)
    if card.message.booking_id is None:
        return t("message-to", name=name)
    return t("message-about", booking=card.message.booking_id, name=name)


def _attempt(t: Translator, message: Message, attempt: Attempt, now: datetime) -> str:
    reason = (
        reason_words(t, message, attempt.reason)
        if attempt.reason
        else t(f"message-state-{attempt.state}")
    )
    detail = names.clean(attempt.detail, 120)
    return t(
        "message-attempt",
        number=attempt.attempt,
        at=t.when(attempt.at, now),
        reason=reason,
        detail=f" ({detail})" if detail else "",
    )
