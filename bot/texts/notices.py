"""Notices to admins."""

from bot.i18n import Html, Translator
from bot.texts import names
from db.models.bookings import Booking
from db.models.outbox import Message


def unreached(t: Translator, booking: Booking, welcome: Message, by_hand: str, link: str) -> str:
    """Return that a welcome failed or may have failed: who, why, and what to do."""
    reason = t(f"reason-{welcome.reason}") if welcome.reason else Html("")
    return t(
        f"notice-{welcome.state}",
        name=names.student(booking),
        username=names.username(booking) or t("card-no-username"),
        id=booking.user_id,
        booking=booking.id,
        reason=reason,
        text=by_hand,
        link=link,
    )
