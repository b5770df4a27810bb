"""The lists of bookings and the card of one, as text."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import names
from bot.texts.changes import seats
from bot.texts.filters import filtered_list
from bot.texts.filters import total as total_text
from bot.texts.icons import ICONS
from db.models import (
    UNREACHED,
    Booking,
    BookingAction,
    BookingList,
    BookingStatus,
    Card,
    Change,
    Found,
    Message,
    MessageState,
    Reachability,
    Reason,
    Stream,
)

#: The tabs of every list, in their order; None is all of them.
TABS: Final[Sequence[BookingStatus | None]] = (
    None,
    BookingStatus.NEW,
    BookingStatus.PENDING,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
)
UNREACHABLE: Final[Mapping[Reachability, str]] = {
    Reachability.NEVER_STARTED: "📪",
    Reachability.BLOCKED: "📵",
    Reachability.DEACTIVATED: "👻",
}
OF_THE_READER: Final = {
    Reason.NEVER_STARTED,
    Reason.BLOCKED,
    Reason.DEACTIVATED,
    Reason.NO_CHAT,
}
"""Reasons that say something about whom a message is for."""
_FINAL: Final = {BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.MOVE}
_MAY_HAVE_ARRIVED: Final = {MessageState.SENT, MessageState.UNKNOWN}
_SEPARATOR: Final = " · "
_NAME_IN_ALERT: Final = 20
"""Two names and a date fit the 200 characters of an alert."""


def booking_list(t: Translator, shown: BookingList) -> str:
    """What is above the rows: which list, which page, what its tabs mean."""
    if shown.found:
        return _found(t, shown, shown.found)
    if shown.filtered:
        return filtered_list(t, shown, shown.filtered)
    status = shown.page.place.status
    heading = t("list-heading", icon=ICONS[status], name=t(f"tab-{_tab(status)}"))
    if not shown.page.items:
        return f"{heading}\n\n{t(f'list-empty-{_tab(status)}')}"
    order = "newest" if shown.page.place.newest_first else "oldest"
    total = t("list-total", count=shown.counts.get(status, 0))
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    legend = _SEPARATOR.join(
        f"{ICONS[tab]} {t(f'tab-{_tab(tab)}')} {shown.counts.get(tab, 0)}" for tab in TABS
    )
    return (
        f"{heading}{_SEPARATOR}{total}{_SEPARATOR}{place}\n{t(f'list-order-{order}')}\n\n{legend}"
    )


def _found(t: Translator, shown: BookingList, found: Found) -> str:
    """What was looked for, and what came of it."""
    what = names.clean(found.search.text, 64) or f"id {found.search.person}"
    heading = t("found-heading", text=what)
    if not shown.page.items:
        return f"{heading}\n\n{t('found-nothing')}"
    if found.nearest:
        return f"{heading}\n\n{t('found-nearest')}"
    total = total_text(t, found.total)
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    return f"{heading}{_SEPARATOR}{total}{_SEPARATOR}{place}"


def _tab(status: BookingStatus | None) -> str:
    return "all" if status is None else status.value


def booking_card(t: Translator, card: Card, now: datetime) -> str:
    """Everything there is to know about one booking, a line each."""
    booking = card.booking
    lines = [
        t("card-heading", id=booking.id, icon=ICONS[booking.status], status=status(t, booking)),
        "",
        _student(t, booking),
        _course(t, booking),
        _created(t, booking, now),
        _discount(t, booking),
        *_duplicates(t, card),
        "",
        *_messages(t, card, now),
        _decision(t, card, now),
        _afterwards(t, card),
    ]
    return "\n".join(lines).strip()


def status(t: Translator, booking: Booking) -> str:
    """The status in words; an unknown one with its number."""
    if booking.status is BookingStatus.UNKNOWN:
        return t("status-unknown", code=str(booking.confirmed))
    return t(f"status-{booking.status}")


def ask_cancel(t: Translator, card: Card, now: datetime) -> str:
    return f"{booking_card(t, card, now)}\n\n{t('ask-cancel')}"


def choose_stream(t: Translator, card: Card, streams: Sequence[Stream], now: datetime) -> str:
    question = t("choose-stream") if streams else t("choose-stream-none")
    return f"{booking_card(t, card, now)}\n\n{question}"


def changed(t: Translator, card: Card, now: datetime) -> str:
    """The alert for a button that was drawn before somebody else's change; plain text."""
    change = card.decision
    if change is None or change.revision != card.booking.revision:
        return t.plain("alert-changed", booking=card.booking.id)
    return t.plain(
        "alert-changed-by",
        booking=card.booking.id,
        what=_what(change, t.plain, _NAME_IN_ALERT),
        at=t.when(change.at, now),
    )


def done(t: Translator, action: BookingAction, card: Card) -> str:
    """The toast after an action; plain text."""
    return t.plain(
        f"toast-{action}", booking=card.booking.id, stream=names.stream(card.booking) or "—"
    )


def row(t: Translator, booking: Booking, now: datetime) -> str:
    """A booking as one line of a list; plain text. A phone cuts its end: the stream."""
    place = ", ".join(filter(None, (names.course(booking, 16), names.stream(booking, 16))))
    age = t.age(booking.created_at, now) if booking.created_at else ""
    marks = f"{ICONS[booking.status]}{UNREACHABLE.get(booking.reachability, '')}"
    words = (f"{marks} #{booking.id}", names.student(booking, 20), age, place)
    return _SEPARATOR.join(filter(None, words))


def _student(t: Translator, booking: Booking) -> str:
    return t(
        "card-student",
        name=names.student(booking),
        username=names.username(booking) or t("card-no-username"),
        id=booking.user_id,
    )


def _course(t: Translator, booking: Booking) -> str:
    return t(
        "card-course",
        course=names.course(booking) or t("card-no-course"),
        stream=names.stream(booking) or t("card-no-stream"),
    )


def _created(t: Translator, booking: Booking, now: datetime) -> str:
    if booking.created_at is None:
        return t("card-created-unknown")
    return t("card-created", at=t.moment(booking.created_at), ago=t.ago(booking.created_at, now))


def _discount(t: Translator, booking: Booking) -> str:
    return t(
        "card-discount",
        code=names.clean(booking.referral_code) or t("card-no-referral"),
        percent=booking.discount_percent or 0,
    )


def _duplicates(t: Translator, card: Card) -> Sequence[str]:
    if not card.duplicates:
        return []
    others = ", ".join(f"#{booking}" for booking in card.duplicates)
    return [t("card-duplicates", bookings=others)]


def _messages(t: Translator, card: Card, now: datetime) -> Sequence[str]:
    """A line for each message, and one where the student is out of reach."""
    lines = [message_line(t, message, now) for message in card.messages] or [t("welcome-none")]
    reachability = card.booking.reachability
    if reachability in UNREACHABLE:
        lines.append(t(f"reachability-{reachability}"))
    return lines


def message_line(t: Translator, message: Message, now: datetime) -> str:
    """What has become of a message, in one line."""
    at = t.when(message.ended_at or message.due_at, now)
    reason = Html("")
    if message.reason is not None:
        words = reason_words(t, message, message.reason)
        reason = t("reason-in-brackets", reason=words)
    if message.kind == UNREACHED:
        return t(f"word-{message.state}", at=at, reason=reason)
    return t(f"welcome-{message.state}", at=at, reason=reason)


def reason_words(t: Translator, message: Message, reason: Reason) -> Html:
    """Why the message is not sent (yet); a word to an admin is not kept from a student."""
    if message.kind == UNREACHED and reason in OF_THE_READER:
        return t(f"reader-{reason}")
    return t(f"reason-{reason}")


def _decision(t: Translator, card: Card, now: datetime) -> str:
    change = card.decision
    if change is None:
        return ""
    return t("decision", what=_what(change, t), at=t.when(change.at, now))


def _afterwards(t: Translator, card: Card) -> str:
    """Until when the decision can be undone, and afterwards what cannot be taken back."""
    if card.undo_until is not None:
        return t("undo-until", at=t.clock(card.undo_until))
    if card.decision is None or card.decision.action not in _FINAL:
        return ""
    arrived = any(message.state in _MAY_HAVE_ARRIVED for message in card.messages)
    if card.decision.action is BookingAction.CONFIRM and not arrived:
        return ""
    return t(f"final-{card.decision.action}")


def _what(
    change: Change,
    words: Callable[..., str],
    length: int = names.NAME_LENGTH,
) -> str:
    _, seat = seats(change, length)
    if change.actor is not None:
        actor = names.clean(change.actor.name, length) or str(change.actor.id)
        return words(f"did-{change.action}", actor=actor, stream=seat)
    if change.moved and not change.decided:
        return words("did-outside-moved", stream=seat)
    return words(f"did-outside-{change.status_after}")
