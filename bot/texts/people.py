"""The page of a person as text."""

from collections.abc import Iterable

from bot.i18n import Html, Translator
from bot.texts import icons, names
from bot.texts.changes import change_line
from bot.texts.outbox import message_line
from bot.views.people import StudentPage
from db.models.bookings import Booking
from db.models.outbox import Message


def student_page(t: Translator, page: StudentPage) -> str:
    """Return names, reachability, bookings, messages and decisions, a paragraph each."""
    booking = page.booking
    messages = "person-messages-newest" if page.older_messages else "person-messages"
    paragraphs = [
        _who(t, page),
        _section(t, "person-bookings", (_booking(t, booking) for booking in page.bookings)),
        _section(t, messages, (_message(t, message) for message in page.messages)),
        _section(t, "person-changes", (change_line(t, change) for change in page.changes)),
    ]
    name = names.called(booking) or t.plain("card-no-name")
    heading = t("person-heading", name=name, id=names.user_id(booking))
    return "\n\n".join([heading, *filter(None, paragraphs)])


def _who(t: Translator, page: StudentPage) -> str:
    reachability = page.booking.reachability
    lines = [_names(t, page)]
    if reachability in icons.UNREACHABLE:
        lines.append(t(f"reachability-{reachability}"))
    else:
        lines.append(t(f"person-{reachability}"))
    lines.append(_discounts(t, page))
    return "\n".join(filter(None, lines))


def _names(t: Translator, page: StudentPage) -> str:
    """Return all known names; "" if there is only the one in the heading."""
    known = dict.fromkeys(
        text
        for name in page.names
        if (text := names.at(name.name) if name.is_username else names.clean(name.name))
    )
    if len(known) < 2 and not page.older_names:
        return ""
    text_id = "person-names-newest" if page.older_names else "person-names"
    return t(text_id, names=", ".join(known))


def _discounts(t: Translator, page: StudentPage) -> str:
    discounted = page.discounts.discounted
    return t("person-discounts", discounted=discounted) if discounted else ""


def _section(t: Translator, heading: str, lines: Iterable[str]) -> str:
    filled = list(lines)
    return "\n".join([t(heading), *filled]) if filled else ""


def _booking(t: Translator, booking: Booking) -> Html:
    return t(
        "person-booking",
        icon=icons.BOOKING[booking.status],
        id=booking.id,
        place=": ".join(filter(None, (names.course(booking, 24), names.stream(booking, 24)))),
        at=t.date(booking.created_at) if booking.created_at else "—",
    )


def _message(t: Translator, message: Message) -> str:
    line = message_line(t, message)
    return t("person-message", booking=str(message.booking_id), what=line)
