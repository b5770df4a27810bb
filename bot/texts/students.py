"""The texts that students read."""

from collections.abc import Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from db.models.bookings import Booking

_NAME_LENGTH: Final = 64
"""As long as Telegram lets a name be, because nobody likes their own name cut."""


def own_bookings(t: Translator, first_name: str, bookings: Sequence[Booking]) -> str:
    """Return the answer to /start."""
    name = names.clean(first_name, _NAME_LENGTH) or t("student-unnamed")
    if not bookings:
        return t("student-start-none", name=name)
    return "\n\n".join(
        [t("student-start", name=name), *(_line(t, booking) for booking in bookings)]
    )


def welcome(t: Translator, booking: Booking) -> str:
    """Return the message that a confirmation owes the student."""
    return t("message-welcome", **_params(t, booking))


def reminder(t: Translator, booking: Booking) -> str:
    """Return the reminder of a booking without a payment receipt."""
    return t("message-reminder", **_params(t, booking))


def welcome_by_hand(t: Translator, booking: Booking) -> str:
    """Return the welcome as plain text, short enough for a copy button."""
    return t.plain("message-welcome-by-hand", **_params(t, booking))


def start_link(bot: str, booking: Booking) -> str:
    """Return a link that starts the students' bot."""
    return f"https://t.me/{bot}{_start(booking)}"


def gives_start_link(text: str, booking: Booking) -> bool:
    """Return whether a text has the start link of the booking."""
    return _start(booking) in text


def _start(booking: Booking) -> str:
    return f"?start=welcome-{booking.id}"


def _params(t: Translator, booking: Booking) -> dict[str, str]:
    return {
        "name": names.clean(booking.first_name, _NAME_LENGTH) or t.plain("student-unnamed"),
        "course": _course(t, booking),
        "stream": _stream(t, booking),
    }


def _line(t: Translator, booking: Booking) -> str:
    return t(
        "student-booking",
        icon=icons.BOOKING[booking.status],
        course=_course(t, booking),
        stream=_stream(t, booking),
        status=t(f"student-status-{booking.status}"),
    )


def _course(t: Translator, booking: Booking) -> str:
    return names.course(booking) or t.plain("student-course-unnamed")


def _stream(t: Translator, booking: Booking) -> str:
    return names.stream(booking) or t.plain("student-stream-unnamed")
