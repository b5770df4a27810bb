"""A change of a booking as one line."""

from collections.abc import Iterable
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import icons, names
from db.models.audit import Change, Placement
from db.models.bookings import BookingAction

_LENGTH: Final = 24
_REMARK_LENGTH: Final = 60


def change_line(t: Translator, change: Change) -> Html:
    """Return when, which booking, who did what, and the values before and after."""
    return t(
        "change-line",
        at=t.when(change.at),
        booking=change.booking_id,
        who=who(t, change),
        what=t(f"change-{change.action}"),
        steps="".join(f" · {step}" for step in [*_steps(change), *_remark(t, change)]),
    )


def who(t: Translator, change: Change, length: int = _LENGTH) -> str:
    """Return the name of the actor, as plain text."""
    if change.actor is None:
        return t.plain("change-by-others")
    return names.clean(change.actor.name, length) or str(change.actor.id)


def _steps(change: Change) -> Iterable[str]:
    if change.action is BookingAction.DELETE:
        yield f"{icons.BOOKING[change.status_before]} → 🗑"
    if change.readdressed:
        yield f"👤 {change.user_before or '—'} → {change.user_id or '—'}"
    if change.action is BookingAction.ADD:
        yield icons.BOOKING[change.status_after]
    elif change.decided:
        yield f"{icons.BOOKING[change.status_before]} → {icons.BOOKING[change.status_after]}"
    if change.moved:
        yield " → ".join(placements(change, _LENGTH))


def _remark(t: Translator, change: Change) -> Iterable[str]:
    if change.remark is not None:
        yield f"📝 {names.clean(change.remark.text(t.language), _REMARK_LENGTH)}"


def placements(change: Change, length: int = names.NAME_LENGTH) -> tuple[str, str]:
    """Return the placements before and after, with the course if it changed, as plain text."""
    course_changed = change.before.course_id != change.after.course_id
    return (
        _placement(change.before, length, with_course=course_changed),
        _placement(change.after, length, with_course=course_changed),
    )


def _placement(placement: Placement, length: int, *, with_course: bool) -> str:
    course = names.course(placement, length) if with_course else ""
    return ": ".join(filter(None, (course, names.stream(placement, length)))) or "—"
