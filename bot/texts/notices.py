"""Notices to admins."""

from bot.i18n import Html, Translator
from bot.texts import names
from bot.views.alerts import Alert
from bot.views.outbox import SettledNotice
from db.models.bookings import Booking
from db.models.outbox import Message


def unreached(t: Translator, booking: Booking, message: Message, by_hand: str, link: str) -> str:
    """Return that a student's message failed or may have failed: who, why, and what to do."""
    reason = t(f"reason-{message.reason}") if message.reason else Html("")
    return t(
        f"notice-{message.state}",
        what=t.plain(f"notice-what-{message.kind}"),
        name=names.student(t, booking),
        username=names.username(booking) or t("card-no-username"),
        id=names.user_id(booking),
        booking=booking.id,
        reason=reason,
        text=by_hand,
        link=link,
    )


def settled(t: Translator, notice: SettledNotice) -> str:
    """Return that nothing is left to do about a student's message that was in trouble."""
    booking, message = notice.booking, notice.message
    return t(
        f"notice-{message.state}",
        what=t.plain(f"notice-what-{message.kind}"),
        name=names.student(t, booking),
        username=names.username(booking) or t("card-no-username"),
        id=names.user_id(booking),
        booking=booking.id,
        reason=t(f"reason-{message.reason}") if message.reason else Html(""),
    )


def alert(t: Translator, about: Alert, waiting: int) -> str:
    """Return what the desk says of itself; `waiting` messages wait to leave."""
    return t(
        f"alert-{about.trouble}-{about.phase}",
        bot=about.bot,
        since=t.moment(about.since),
        until=t.moment(about.until),
        waiting=waiting,
    )
