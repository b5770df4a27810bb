"""The card of a booking as text."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.changes import placements
from bot.texts.outbox import message_line
from bot.views.bookings import Card
from db.models.audit import Change
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.outbox import MessageState
from db.models.streams import Stream

_FINAL: Final = {BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.MOVE}
_MAY_HAVE_ARRIVED: Final = {MessageState.SENT, MessageState.UNKNOWN}
_ALERT_NAME_LENGTH: Final = 20
"""Two names of this length and a date fit the 200 characters of an alert."""


def booking_card(t: Translator, card: Card) -> str:
    """Return the whole card, one fact a line."""
    booking = card.booking
    lines = [
        _heading(t, booking),
        "",
        _student(t, booking),
        _course(t, booking),
        _created(t, booking),
        _discount(t, booking),
        *_duplicates(t, card),
        "",
        *_messages(t, card),
        _decision(t, card),
        _undo(t, card),
    ]
    return "\n".join(lines).strip()


def status(t: Translator, booking: Booking) -> str:
    """Return the status in words; an unknown status with its number."""
    if booking.status is BookingStatus.UNKNOWN:
        return t("status-unknown", code=str(booking.confirmed))
    return t(f"status-{booking.status}")


def ask_cancel(t: Translator, card: Card) -> str:
    return f"{booking_card(t, card)}\n\n{t('ask-cancel')}"


def choose_stream(t: Translator, card: Card, streams: Sequence[Stream]) -> str:
    question = t("choose-stream") if streams else t("choose-stream-none")
    return f"{booking_card(t, card)}\n\n{question}"


def changed(t: Translator, card: Card) -> str:
    """Return the alert for a button that was drawn before another change, as plain text."""
    change = card.decision
    if change is None or change.revision != card.booking.revision:
        return t.plain("alert-changed", booking=card.booking.id)
    return t.plain(
        "alert-changed-by",
        booking=card.booking.id,
        what=_what(change, t.plain, _ALERT_NAME_LENGTH),
        at=t.when(change.at),
    )


def done(t: Translator, action: BookingAction, card: Card) -> str:
    """Return the toast after an action, as plain text."""
    return t.plain(
        f"toast-{action}", booking=card.booking.id, stream=names.stream(card.booking) or "—"
    )


def _heading(t: Translator, booking: Booking) -> str:
    icon = icons.BOOKING[booking.status]
    return t("card-heading", id=booking.id, icon=icon, status=status(t, booking))


def _student(t: Translator, booking: Booking) -> str:
    return t(
        "card-student",
        name=names.student(booking),
        username=names.username(booking) or t("card-no-username"),
        id=names.user_id(booking),
    )


def _course(t: Translator, booking: Booking) -> str:
    return t(
        "card-course",
        course=names.course(booking) or t("card-no-course"),
        stream=names.stream(booking) or t("card-no-stream"),
    )


def _created(t: Translator, booking: Booking) -> str:
    if booking.created_at is None:
        return t("card-created-unknown")
    return t("card-created", at=t.moment(booking.created_at), ago=t.ago(booking.created_at))


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


def _messages(t: Translator, card: Card) -> Sequence[str]:
    """Return a line for each message, and one if the student is not reachable."""
    lines = [message_line(t, message) for message in card.messages] or [t("welcome-none")]
    reachability = card.booking.reachability
    if reachability in icons.UNREACHABLE:
        lines.append(t(f"reachability-{reachability}"))
    return lines


def _decision(t: Translator, card: Card) -> str:
    change = card.decision
    if change is None:
        return ""
    return t("decision", what=_what(change, t), at=t.when(change.at))


def _undo(t: Translator, card: Card) -> str:
    """Return until when the decision can be undone, or else what is final now."""
    if card.undo_until is not None:
        return t("undo-until", at=t.clock(card.undo_until))
    if card.decision is None or card.decision.action not in _FINAL:
        return ""
    arrived = any(message.state in _MAY_HAVE_ARRIVED for message in card.messages)
    if card.decision.action is BookingAction.CONFIRM and not arrived:
        return ""
    return t(f"final-{card.decision.action}")


def what_happened(t: Translator, change: Change) -> str:
    """Return what was done and by whom, as plain text."""
    return _what(change, t.plain, _ALERT_NAME_LENGTH)


def _what(
    change: Change,
    phrase: Callable[..., str],
    length: int = names.NAME_LENGTH,
) -> str:
    _, placement = placements(change, length)
    if change.actor is not None:
        actor = names.clean(change.actor.name, length) or str(change.actor.id)
        return phrase(f"did-{change.action}", actor=actor, stream=placement)
    if change.moved and not change.decided:
        return phrase("did-external-moved", stream=placement)
    return phrase(f"did-external-{change.status_after}")
