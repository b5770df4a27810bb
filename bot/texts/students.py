"""The texts that students read."""

from collections.abc import Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from db.models.audit import Remark
from db.models.bookings import Booking
from db.models.outbox import CANCELLED, Message

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


def cancelled(t: Translator, booking: Booking, remark: Remark | None) -> str:
    """Return the message that the booking is cancelled."""
    return _with_remark(t, t("message-cancelled", **_params(t, booking)), remark)


def moved(
    t: Translator, booking: Booking, remark: Remark | None, *, stream: str | None = None
) -> str:
    """Return the message that the booking has another stream, by default its present one."""
    params = _params(t, booking)
    if stream is not None:
        params["stream"] = stream
    return _with_remark(t, t("message-moved", **params), remark)


def told(t: Translator, message: Message, booking: Booking) -> str:
    """Return what a message of the outbox says of a cancellation or a move."""
    compose = cancelled if message.kind == CANCELLED else moved
    return compose(t, booking, remark_of(message))


def remark_of(message: Message) -> Remark | None:
    """Return what the admin has added, with whose decision the message was owed."""
    texts = message.payload.get("remark")
    return Remark(texts) if texts else None


def by_hand(t: Translator, message: Message, booking: Booking) -> str:
    """Return a message of the outbox as plain text, for an admin who sends it by hand."""
    text = t.plain(f"message-by-hand-{message.kind}", **_params(t, booking))
    remark = remark_of(message)
    return text if remark is None else f"{text} {remark.text(t.language)}"


def _with_remark(t: Translator, text: str, remark: Remark | None) -> str:
    if remark is None:
        return text
    return f"{text}\n\n{t('message-remark', words=remark.text(t.language))}"


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
