"""The outbox as text: groups, lists, and one message with its history."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import unescape
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import icons, names
from bot.views.outbox import MessageCard, MessageList, MessageRow
from db.models.outbox import (
    NOTICES,
    OUT_OF_REACH,
    REMINDER,
    TELLINGS,
    Attempt,
    GroupKey,
    Message,
    MessageGroup,
    MessageState,
    Reason,
)

_READER_LENGTH: Final = 10
_TAG: Final = re.compile("<[^>]*>")
NOW: Final = timedelta(seconds=1)
"""What is due so soon is on its way: the moment of an update is older than what it causes."""


def outbox(t: Translator, groups: Sequence[MessageGroup]) -> str:
    """Return the total of undelivered messages; the buttons show the groups."""
    heading = t("outbox-heading")
    if not groups:
        return f"{heading}\n\n{t('outbox-empty')}"
    total = t("outbox-total", count=sum(group.count for group in groups))
    return f"{heading} · {total}\n\n{t('outbox-hint')}"


def group_row(t: Translator, group: MessageGroup) -> str:
    """Return the label of a group, as plain text; its reason comes last, as phones cut the end."""
    name = _group_name(t, group.key)
    return f"{icons.MESSAGE[group.key.state]} {group.count} · {name}"


def kind_name(t: Translator, kind: str) -> str:
    """Return a kind in words, as plain text; a kind of a newer version has only its name."""
    text_id = f"message-kind-{kind}"
    return t.plain(text_id) if text_id in t.ids else kind


def as_plain(text: str) -> str:
    """Return the text of a message without its HTML."""
    return unescape(_TAG.sub("", text))


def message_list(t: Translator, messages: MessageList) -> str:
    page = messages.page
    name = _group_name(t, messages.group)
    heading = t("list-heading", icon=icons.MESSAGE[messages.group.state], name=name)
    if not page.items:
        return f"{heading}\n\n{t('outbox-group-empty')}"
    return f"{heading}\n{t('list-place', number=page.number, last=page.last)}"


def row(t: Translator, item: MessageRow) -> str:
    """Return a message as one line of plain text."""
    message = item.message
    booking = [] if message.booking_id is None else [f"#{message.booking_id}"]
    name = names.student(t, item.booking, 20) if item.booking else str(message.chat_id)
    age = t.age(message.ended_at or message.created_at)
    what = f"{name} · {kind_name(t, message.kind)}"
    if message.kind in NOTICES:
        reader = _reader(t, message, item.reader, _READER_LENGTH)
        what = f"{kind_name(t, message.kind)} → {reader}"
    text = " · ".join([*booking, what, age])
    return f"{icons.MESSAGE[message.state]} {text}"


def message_card(t: Translator, card: MessageCard) -> str:
    """Return a message: its receiver, state, attempts and text."""
    message = card.message
    lines = [
        t("message-heading", kind=_capitalized(kind_name(t, message.kind))),
        _about(t, card),
        *_read_by(t, card),
        "",
        message_line(t, message),
        *([t("message-maybe-twice")] if message.maybe_twice else []),
        *(_attempt(t, message, attempt) for attempt in card.attempts),
    ]
    if message.text is not None:
        # The text is HTML already, as it was sent to Telegram.
        lines += ["", t("message-text", text=Html(message.text))]
    lines += ["", t("message-engineer", id=message.id)]
    return "\n".join(lines)


def ask_resend(t: Translator, card: MessageCard) -> str:
    return f"{message_card(t, card)}\n\n{t('ask-resend')}"


def ask_resend_all(t: Translator, messages: MessageList, twice: bool) -> str:
    """Return the question, with a warning if some may have arrived (`twice`)."""
    text_id = "ask-resend-all-some" if twice else "ask-resend-all"
    if messages.group.state is MessageState.UNKNOWN:
        text_id = "ask-resend-all-unknown"
    return f"{message_list(t, messages)}\n\n{t(text_id, count=messages.page.total)}"


def message_line(t: Translator, message: Message) -> str:
    """Return the state of a message as one line."""
    at = t.when(message.ended_at or message.due_at)
    if message.kind not in NOTICES and message.is_due_after(t.now + NOW):
        return _due_line(t, message)
    reason = Html("")
    if message.reason is not None:
        reason = t("reason-in-brackets", reason=reason_words(t, message, message.reason))
    if message.kind in NOTICES:
        return t(f"notice-line-{message.state}", at=at, reason=reason)
    if message.kind == REMINDER:
        return t(f"reminder-{message.state}", at=at, reason=reason)
    if message.kind in TELLINGS:
        return t(f"told-{message.state}", at=at, reason=reason)
    return t(f"welcome-{message.state}", at=at, reason=reason)


def _due_line(t: Translator, message: Message) -> str:
    at = t.clock(message.due_at)
    if message.kind == REMINDER:
        return t("reminder-due", at=at)
    return t("told-due" if message.kind in TELLINGS else "welcome-due", at=at)


def reason_words(t: Translator, message: Message, reason: Reason) -> Html:
    """Return why the message is not sent; the receiver of a notice is an admin, not a student."""
    if message.kind in NOTICES and reason in OUT_OF_REACH:
        return t(f"reader-{reason}")
    return t(f"reason-{reason}")


def _group_name(t: Translator, group: GroupKey) -> str:
    """Return a state and its reason, as plain text.

    The words fit welcomes and notices, which share the groups.
    """
    state, reason = group
    name = t.plain(f"message-state-{state}")
    if reason is None:
        return name
    prefix = "reader" if reason in OUT_OF_REACH else "reason"
    return f"{name}: {t.plain(f'{prefix}-{reason}')}"


def _about(t: Translator, card: MessageCard) -> str:
    name = names.student(t, card.booking) if card.booking else str(card.message.chat_id)
    if card.message.booking_id is None:
        return t("message-to", name=name)
    return t("message-about", booking=card.message.booking_id, name=name)


def _read_by(t: Translator, card: MessageCard) -> Iterable[Html]:
    if card.message.kind in NOTICES:
        yield t("message-reader", name=_reader(t, card.message, card.reader))


def _reader(
    t: Translator, message: Message, name: str | None, length: int = names.NAME_LENGTH
) -> str:
    """Return who reads a notice, as plain text."""
    if message.chat_id < 0:
        return t.plain("message-to-group")
    return names.clean(name, length) or str(message.chat_id)


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _attempt(t: Translator, message: Message, attempt: Attempt) -> str:
    reason = (
        reason_words(t, message, attempt.reason)
        if attempt.reason
        else t(f"message-state-{attempt.state}")
    )
    return t(
        "message-attempt",
        number=attempt.attempt,
        at=t.when(attempt.at),
        reason=reason,
    )
