"""Notices about new bookings as text."""

from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.bookings import booking_card
from bot.views.bookings import Card
from bot.views.outbox import Arrivals, Subscriptions
from db.models.bookings import Booking

_NAMED: Final = 10
_NAME_LENGTH: Final = 20


def subscriptions(t: Translator, current: Subscriptions) -> str:
    lines: list[str] = [t("notify"), "", t("notify-told" if current.own else "notify-silent")]
    if current.group is not None:
        lines.append(t("notify-group-told" if current.group else "notify-group-silent"))
    return "\n".join(lines)


def one(t: Translator, card: Card) -> str:
    return f"{t('arrival')}\n\n{booking_card(t, card)}"


def several(t: Translator, new: Arrivals) -> str:
    """Return how many have come, and the newest of them with their statuses of now."""
    total = len(new.bookings) + new.others
    lines: list[str] = [t("arrivals", count=total), ""]
    lines += [_line(t, booking) for booking in reversed(new.bookings[-_NAMED:])]
    if total > _NAMED:
        lines.append(t("arrivals-more", count=total - min(len(new.bookings), _NAMED)))
    return "\n".join(lines)


def _line(t: Translator, booking: Booking) -> str:
    return t(
        "arrivals-line",
        icon=icons.BOOKING[booking.status],
        name=names.student(t, booking, _NAME_LENGTH),
        stream=names.stream(booking) or "—",
        booking=booking.id,
    )
