"""What students read."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.texts import names
from bot.texts.bookings import ICONS
from db.models import Booking, MessageKind


def own_bookings(t: Translator, first_name: str, bookings: Sequence[Booking]) -> str:
    """The answer to /start."""
    name = names.clean(first_name) or t("student-unnamed")
    if not bookings:
        return t("student-start-none", name=name)
    return "\n\n".join([t("student-start", name=name), *(_line(t, each) for each in bookings)])


def message(t: Translator, kind: MessageKind, booking: Booking) -> str:
    """A message that is owed to the student."""
    return t(
        f"message-{kind}",
        name=names.clean(booking.first_name) or t("student-unnamed"),
        course=_course(t, booking),
        stream=_stream(t, booking),
    )


def _line(t: Translator, booking: Booking) -> str:
    return t(
        "student-booking",
        icon=ICONS[booking.status],
        course=_course(t, booking),
        stream=_stream(t, booking),
        status=t(f"student-status-{booking.status}"),
    )


def _course(t: Translator, booking: Booking) -> str:
    return names.course(booking) or t("student-course-unnamed")


def _stream(t: Translator, booking: Booking) -> str:
    return names.stream(booking) or t("student-stream-unnamed")
