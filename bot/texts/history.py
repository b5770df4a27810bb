"""The log, and the explanation of a booking's state, as text."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.bookings import status, told, what
from bot.texts.changes import change_line, placements, who
from bot.texts.outbox import message_line
from bot.texts.students import gives_start_link
from bot.views.history import Explanation, Log
from db.models.audit import Change, LogFilter
from db.models.bookings import BookingAction, BookingStatus
from db.models.outbox import Message, MessageState

_LEAVES_OPEN: Final = {BookingAction.UNDO, BookingAction.EXTERNAL}
"""Actions that do not say which status they lead to."""


def log(t: Translator, log: Log) -> str:
    """Return the heading, then the legend of the rows; of one booking or person, the entries."""
    heading = _heading(t, log.filter)
    if not log.page.items:
        return f"{heading}\n\n{t('log-empty')}"
    place = t("list-place", number=log.page.number, last=log.page.last)
    lines: Sequence[str] = [t("log-legend")]
    if log.filter.booking is not None:
        lines = [change_line(t, change) for change in log.page.items]
    return "\n".join([f"{heading} · {t('log-total', total=log.page.total)} · {place}", "", *lines])


def _heading(t: Translator, criteria: LogFilter) -> str:
    if criteria.booking is None:
        return t("log-heading")
    if criteria.person:
        return t("log-heading-person", booking=criteria.booking)
    return t("log-heading-booking", booking=criteria.booking)


def entry(t: Translator, log: Log, change: Change) -> str:
    """Return the label of an entry, as plain text: what was done to whom, by whom, and when."""
    icon = t.plain(f"log-{change.action}")
    if change.action in _LEAVES_OPEN:
        icon += icons.BOOKING[change.status_after]
    booking = log.bookings.get(change.booking_id)
    known = booking is not None and booking.includes(change.revision)
    name = f"{names.student(t, booking, 9)} " if booking and known else ""
    by = [] if change.actor is None else [who(t, change, 9)]
    return " · ".join([f"{icon} {name}#{change.booking_id}", *by, t.age(change.at)])


def why(t: Translator, explanation: Explanation) -> str:
    """Return the facts that led to the present state, in the order in which they happened."""
    booking = explanation.booking
    heading = t(
        "why-heading", id=booking.id, icon=icons.BOOKING[booking.status], status=status(t, booking)
    )
    lines = [_created(t, explanation), _decided(t, explanation), *_moved(t, explanation)]
    for change in (explanation.decided, explanation.moved):
        if change is not None:
            lines += told(t, change, explanation.tellings.get(change.revision))
    lines.append(_welcome(t, explanation))
    if booking.reachability in icons.UNREACHABLE:
        lines.append(t(f"reachability-{booking.reachability}"))
    return "\n".join([heading, "", *lines, *_notices(t, explanation)])


def _created(t: Translator, explanation: Explanation) -> str:
    created = explanation.booking.created_at
    return t("card-created-unknown") if created is None else t("why-created", at=t.when(created))


def _decided(t: Translator, explanation: Explanation) -> str:
    change = explanation.decided
    if change is None:
        return t("why-never-decided")
    return t("why-decided", what=what(change, t), at=t.when(change.at))


def _moved(t: Translator, explanation: Explanation) -> Iterable[str]:
    change = explanation.moved
    if change is not None:
        before, after = placements(change)
        yield t(
            "why-moved",
            before=before,
            after=after,
            who=who(t, change),
            at=t.when(change.at),
        )


def _welcome(t: Translator, explanation: Explanation) -> str:
    if explanation.welcome:
        return message_line(t, explanation.welcome)
    match explanation.booking.status:
        case BookingStatus.CONFIRMED:
            return t("why-no-welcome-confirmed")
        case BookingStatus.CANCELLED:
            return t("why-no-welcome-cancelled")
        case _:
            return t("why-no-welcome-yet")


def _notices(t: Translator, explanation: Explanation) -> Iterable[str]:
    names_by_id = {actor.id: names.clean(actor.name) for actor in explanation.notified}
    sent = [notice for notice in explanation.notices if notice.state is MessageState.SENT]
    for text_id, with_link in (("why-link-given", True), ("why-told", False)):
        admins = [
            _addressee(t, notice, names_by_id)
            for notice in sent
            if gives_start_link(notice.text or "", explanation.booking) is with_link
        ]
        if admins:
            yield t(text_id, admins=", ".join(admins))


def _addressee(t: Translator, notice: Message, names_by_id: dict[int, str]) -> str:
    if notice.chat_id < 0:
        return t.plain("why-group")
    return names_by_id.get(notice.chat_id) or str(notice.chat_id)
