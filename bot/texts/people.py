"""A person's story as text."""

from collections.abc import Iterable

from bot.i18n import Html, Translator
from bot.texts import icons, names
from bot.texts.changes import change_line
from bot.texts.outbox import message_line
from bot.views.people import StudentPage
from db.models.bookings import Booking
from db.models.outbox import Message


def student_page(t: Translator, page: StudentPage) -> str:
    """Names, reachability, bookings, messages and decisions: a paragraph each."""
    booking = page.booking
    messages = "person-messages-newest" if page.older_messages else "person-messages"
    paragraphs = [
        _who(t, page),
        _section(t, "person-bookings", (_booking(t, each) for each in page.bookings)),
        _section(t, messages, (_message(t, each) for each in page.messages)),
        _section(t, "person-changes", (change_line(t, each) for each in page.changes)),
    ]
    heading = t("person-heading", name=names.student(booking), id=names.user_id(booking))
    return "\n\n".join([heading, *filter(None, paragraphs)])


def _who(t: Translator, page: StudentPage) -> str:
    reachability = page.booking.reachability
    lines = [_also(t, page)]
    if reachability in icons.UNREACHABLE:
        lines.append(t(f"reachability-{reachability}"))
    else:
        lines.append(t(f"person-{reachability}"))
    lines.append(_discounts(t, page))
    return "\n".join(filter(None, lines))


def _also(t: Translator, page: StudentPage) -> str:
    """The names there were, unless there was only the one that is on the heading."""
    called = dict.fromkeys(
        shown
        for each in page.names
        if (shown := names.clean(f"@{each.name}" if each.is_username else each.name))
    )
    if len(called) < 2 and not page.older_names:
        return ""
    text_id = "person-names-newest" if page.older_names else "person-names"
    return t(text_id, names=", ".join(called))


def _discounts(t: Translator, page: StudentPage) -> str:
    discounts = page.discounts
    return t(
        "person-discounts",
        bookings=discounts.bookings,
        discounted=discounts.discounted,
        percent=discounts.percent,
    )


def _section(t: Translator, heading: str, lines: Iterable[str]) -> str:
    shown = list(lines)
    return "\n".join([t(heading), *shown]) if shown else ""


def _booking(t: Translator, booking: Booking) -> Html:
    return t(
        "person-booking",
        icon=icons.BOOKING[booking.status],
        id=booking.id,
        place=", ".join(filter(None, (names.course(booking, 24), names.stream(booking, 24)))),
        at=t.date(booking.created_at) if booking.created_at else "—",
    )


def _message(t: Translator, message: Message) -> str:
    what = message_line(t, message)
    return t("person-message", booking=str(message.booking_id), what=what)
