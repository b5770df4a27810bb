"""The outbox as text: groups, lists, and one message with its history."""

from collections.abc import Sequence
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import icons, names
from bot.views.outbox import MessageCard, MessageList, MessageRow
from db.models.outbox import (
    UNREACHED,
    Attempt,
    GroupKey,
    Message,
    MessageGroup,
    MessageState,
    Reason,
)

OF_THE_READER: Final = {
    Reason.NEVER_STARTED,
    Reason.BLOCKED,
    Reason.DEACTIVATED,
    Reason.NO_CHAT,
}
"""Reasons that say something about whom a message is for."""


def outbox(t: Translator, groups: Sequence[MessageGroup]) -> str:
    """What is not delivered; a button each says how many, in which state and why."""
    heading = t("outbox-heading")
    if not groups:
        return f"{heading}\n\n{t('outbox-empty')}"
    total = t("outbox-total", count=sum(group.count for group in groups))
    return f"{heading} · {total}\n\n{t('outbox-hint')}"


def group_row(t: Translator, group: MessageGroup) -> str:
    """A group as a button; plain text."""
    name = _group_name(t, group.key)
    return f"{icons.MESSAGE[group.key.state]} {name} · {group.count}"


def kind_name(t: Translator, kind: str) -> str:
    """A kind of messages in words; plain text. What only a newer program knows has but a name."""
    text_id = f"message-kind-{kind}"
    return t.plain(text_id) if text_id in t.ids else kind


def message_list(t: Translator, shown: MessageList) -> str:
    page = shown.page
    name = _group_name(t, shown.group)
    heading = t("list-heading", icon=icons.MESSAGE[shown.group.state], name=name)
    if not page.items:
        return f"{heading}\n\n{t('outbox-group-empty')}"
    return f"{heading}\n{t('list-place', number=page.number, last=page.last)}"


def row(t: Translator, item: MessageRow) -> str:
    """A message as one line of a list; plain text."""
    message = item.message
    booking = [] if message.booking_id is None else [f"#{message.booking_id}"]
    name = names.student(item.booking, 20) if item.booking else str(message.chat_id)
    age = t.age(message.ended_at or message.created_at)
    words = " · ".join([*booking, name, kind_name(t, message.kind), age])
    return f"{icons.MESSAGE[message.state]} {words}"


def message_card(t: Translator, card: MessageCard) -> str:
    """One message: for whom, what has become of it, each attempt, and what it says."""
    message = card.message
    lines = [
        t("message-heading", id=message.id, kind=kind_name(t, message.kind)),
        _about(t, card),
        "",
        message_line(t, message),
        *([t("message-maybe-twice")] if message.maybe_twice else []),
        *(_attempt(t, message, each) for each in card.attempts),
    ]
    if message.text is not None:
        # It is HTML already: this very text was given to Telegram.
        lines += ["", t("message-text", text=Html(message.text))]
    return "\n".join(lines)


def ask_resend(t: Translator, card: MessageCard) -> str:
    return f"{message_card(t, card)}\n\n{t('ask-resend')}"


def ask_resend_all(t: Translator, shown: MessageList, twice: bool) -> str:
    """Ask, and warn where `twice` says that some may have arrived."""
    text_id = "ask-resend-all-some" if twice else "ask-resend-all"
    if shown.group.state is MessageState.UNKNOWN:
        text_id = "ask-resend-all-unknown"
    return f"{message_list(t, shown)}\n\n{t(text_id, count=shown.page.total)}"


def message_line(t: Translator, message: Message) -> str:
    """What has become of a message, in one line."""
    at = t.when(message.ended_at or message.due_at)
    reason = Html("")
    if message.reason is not None:
        words = reason_words(t, message, message.reason)
        reason = t("reason-in-brackets", reason=words)
    if message.kind == UNREACHED:
        return t(f"notice-line-{message.state}", at=at, reason=reason)
    return t(f"welcome-{message.state}", at=at, reason=reason)


def reason_words(t: Translator, message: Message, reason: Reason) -> Html:
    """Why the message is not sent (yet); a word to an admin is not kept from a student."""
    if message.kind == UNREACHED and reason in OF_THE_READER:
        return t(f"reader-{reason}")
    return t(f"reason-{reason}")


def _group_name(t: Translator, group: GroupKey) -> str:
    """A state and its reason in words; plain text.

    Words to admins are in the same groups as welcomes.
    """
    state, reason = group
    name = t.plain(f"message-state-{state}")
    if reason is None:
        return name
    whose = "reader" if reason in OF_THE_READER else "reason"
    return f"{name}: {t.plain(f'{whose}-{reason}')}"


def _about(t: Translator, card: MessageCard) -> str:
    name = names.student(card.booking) if card.booking else str(card.message.chat_id)
    if card.message.booking_id is None:
        return t("message-to", name=name)
    return t("message-about", booking=card.message.booking_id, name=name)


def _attempt(t: Translator, message: Message, attempt: Attempt) -> str:
    reason = (
        reason_words(t, message, attempt.reason)
        if attempt.reason
        else t(f"message-state-{attempt.state}")
    )
    detail = names.clean(attempt.detail, 120)
    return t(
        "message-attempt",
        number=attempt.attempt,
        at=t.when(attempt.at),
        reason=reason,
        detail=f" ({detail})" if detail else "",
    )
