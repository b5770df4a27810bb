"""The card of a booking as text."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.changes import placements
from bot.texts.outbox import NOW, message_line
from bot.views.bookings import Card
from db.models.audit import Change
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.outbox import Message, MessageState

_TOLD: Final = {BookingAction.CANCEL, BookingAction.MOVE}
"""What a student is told of beside a confirmation, if an admin wants it."""
_REMARK_LENGTH: Final = 200
ALERT_NAME_LENGTH: Final = 15
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
        *_discount(t, booking),
        *_duplicates(t, card),
        "",
        *_messages(t, card),
        _decision(t, card),
        *told(t, card.decision, card.telling),
        _undo(t, card),
    ]
    return "\n".join(lines).strip()


def status(t: Translator, booking: Booking) -> str:
    """Return the status in words; an unknown status with its number."""
    if booking.status is BookingStatus.UNKNOWN:
        return t("status-unknown", code=str(booking.confirmed))
    return t(f"status-{booking.status}")


def ask_resend(t: Translator, card: Card) -> str:
    return f"{booking_card(t, card)}\n\n{t('ask-resend')}"


def changed(t: Translator, card: Card) -> str:
    """Return the alert for a button that was drawn before another change, as plain text."""
    change = card.decision
    if change is None or change.revision != card.booking.revision:
        return t.plain("alert-changed", booking=card.booking.id)
    return t.plain(
        "alert-changed-by",
        booking=card.booking.id,
        what=what(change, t.plain, ALERT_NAME_LENGTH),
        at=t.when(change.at),
    )


def done(t: Translator, action: BookingAction, card: Card) -> str:
    """Return the toast after an action, as plain text."""
    return t.plain(
        f"toast-{action}",
        booking=card.booking.id,
        stream=names.stream(card.booking) or "—",
        welcome=_welcome_to_come(t, card),
    )


def _welcome_to_come(t: Translator, card: Card) -> str:
    """Return what a confirmation leads to."""
    reachability = card.booking.reachability
    if reachability in icons.UNREACHABLE:
        return t.plain(f"reachability-{reachability}")
    if not card.messages:
        return t.plain("toast-welcome-nobody")
    welcome = card.messages[0]
    if welcome.is_due_after(t.now + NOW):
        return t.plain("toast-welcome-due", at=t.clock(welcome.due_at))
    return t.plain("toast-welcome-now")


def _heading(t: Translator, booking: Booking) -> str:
    icon = icons.BOOKING[booking.status]
    return t("card-heading", id=booking.id, icon=icon, status=status(t, booking))


def _student(t: Translator, booking: Booking) -> str:
    return t(
        "card-student",
        name=names.called(booking) or t.plain("card-no-name"),
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
    return t("card-created", at=t.since(booking.created_at))


def _discount(t: Translator, booking: Booking) -> Iterable[str]:
    facts = [names.clean(booking.referral_code)]
    if booking.discount_percent:
        facts.append(t.plain("card-discount-percent", percent=booking.discount_percent))
    if any(facts):
        yield t("card-discount", facts=" · ".join(filter(None, facts)))


def _duplicates(t: Translator, card: Card) -> Sequence[str]:
    if not card.duplicates:
        return []
    others = ", ".join(f"#{booking}" for booking in card.duplicates)
    return [t("card-duplicates", bookings=others)]


def _messages(t: Translator, card: Card) -> Sequence[str]:
    """Return a line for each message, and one if none says that the student is unreachable."""
    lines = [message_line(t, message) for message in card.messages]
    if card.reminder is not None:
        lines.append(message_line(t, card.reminder))
    if not lines and card.booking.status is BookingStatus.CONFIRMED:
        lines.append(t("welcome-none"))
    reachability = card.booking.reachability
    said = {str(message.reason) for message in card.messages}
    if reachability in icons.UNREACHABLE and reachability not in said:
        lines.append(t(f"reachability-{reachability}"))
    return lines


def _decision(t: Translator, card: Card) -> str:
    change = card.decision
    if change is None:
        return ""
    return t("decision", what=what(change, t), at=t.when(change.at))


def told(t: Translator, change: Change | None, message: Message | None) -> Iterable[str]:
    """Return what was added to a cancellation or a move, and whether the student is told of it."""
    if change is None or change.action not in _TOLD:
        return
    if change.remark is not None:
        words = names.clean(change.remark.text(t.language), _REMARK_LENGTH)
        yield t("card-remark", words=words)
    yield t("told-not") if message is None else message_line(t, message)


def _undo(t: Translator, card: Card) -> str:
    """Return until when the decision can be undone, or else what is final now."""
    action = card.decision and card.decision.action
    if card.undo_until is not None:
        at = t.clock(card.undo_until)
        return t("undo-quietly" if _is_quiet(card) else f"undo-until-{action}", at=at)
    if action is BookingAction.CONFIRM:
        return _final_confirm(t, card)
    return t(f"final-{action}") if action in _TOLD else ""


def _is_quiet(card: Card) -> bool:
    """Whether the student is not told of the newest decision."""
    return card.decision is not None and card.decision.action in _TOLD and card.telling is None


def _final_confirm(t: Translator, card: Card) -> str:
    states = {message.state for message in card.messages}
    if MessageState.SENT in states:
        return t("final-confirm")
    return t("final-confirm-maybe") if MessageState.UNKNOWN in states else ""


def what(
    change: Change,
    phrase: Callable[..., str],
    length: int = names.NAME_LENGTH,
) -> str:
    """Return what was done and by whom; `phrase` is a translator or its `plain`."""
    _, placement = placements(change, length)
    if change.actor is not None:
        actor = names.clean(change.actor.name, length) or str(change.actor.id)
        return phrase(f"did-{change.action}", actor=actor, stream=placement)
    if change.moved and not change.decided:
        return phrase("did-external-moved", stream=placement)
    return phrase(f"did-external-{change.status_after}")
