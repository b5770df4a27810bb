"""The log, and why a booking is as it is, as text."""

from collections.abc import Iterable

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.bookings import status
from bot.texts.changes import change_line, placements, who
from bot.texts.outbox import message_line
from bot.texts.students import gives_start_link
from bot.views.history import Explanation, Log
from db.models.audit import Change, LogFilter
from db.models.bookings import BookingStatus
from db.models.outbox import Message, MessageState


def log(t: Translator, shown: Log) -> str:
    """What is chosen, then a line for each entry."""
    heading = _heading(t, shown.filter)
    if not shown.page.items:
        return f"{heading}\n\n{t('log-empty')}"
    place = t("list-place", number=shown.page.number, last=shown.page.last)
    lines = [change_line(t, each) for each in shown.page.items]
    return "\n".join(
        [f"{heading} · {t('log-total', total=shown.page.total)} · {place}", "", *lines]
    )


def _heading(t: Translator, chosen: LogFilter) -> str:
    if chosen.booking is None:
        return t("log-heading")
    if chosen.person:
        return t("log-heading-person", booking=chosen.booking)
    return t("log-heading-booking", booking=chosen.booking)


def entry(t: Translator, change: Change) -> str:
    """An entry as a button; plain text."""
    icon = icons.BOOKING[change.status_after]
    return f"{icon} #{change.booking_id} · {who(t, change)} · {t.age(change.at)}"


def why(t: Translator, told: Explanation) -> str:
    """The present state in plain words, in the order in which it came about."""
    booking = told.booking
    heading = t(
        "why-heading", id=booking.id, icon=icons.BOOKING[booking.status], status=status(t, booking)
    )
    lines = [_created(t, told), _decided(t, told), *_moved(t, told)]
    lines.append(_welcome(t, told))
    if booking.reachability in icons.UNREACHABLE:
        lines.append(t(f"reachability-{booking.reachability}"))
    return "\n".join([heading, "", *lines, *_notices(t, told)])


def _created(t: Translator, told: Explanation) -> str:
    created = told.booking.created_at
    return t("card-created-unknown") if created is None else t("why-created", at=t.when(created))


def _decided(t: Translator, told: Explanation) -> str:
    change = told.decided
    if change is None:
        return t("why-never-decided")
    return t(
        "why-decided",
        status=t(f"status-{change.status_after}"),
        who=who(t, change),
        at=t.when(change.at),
    )


def _moved(t: Translator, told: Explanation) -> Iterable[str]:
    change = told.moved
    if change is not None:
        before, after = placements(change)
        yield t(
            "why-moved",
            before=before,
            after=after,
            who=who(t, change),
            at=t.when(change.at),
        )


def _welcome(t: Translator, told: Explanation) -> str:
    if told.welcome:
        return message_line(t, told.welcome)
    match told.booking.status:
        case BookingStatus.CONFIRMED:
            return t("why-no-welcome-confirmed")
        case BookingStatus.CANCELLED:
            return t("why-no-welcome-cancelled")
        case _:
            return t("why-no-welcome-yet")


def _notices(t: Translator, told: Explanation) -> Iterable[str]:
    called = {actor.id: names.clean(actor.name) for actor in told.notified}
    sent = [notice for notice in told.notices if notice.state is MessageState.SENT]
    for text_id, linked in (("why-link-given", True), ("why-told", False)):
        admins = [
            _addressee(t, each, called)
            for each in sent
            if gives_start_link(each.text or "", told.booking) is linked
        ]
        if admins:
            yield t(text_id, admins=", ".join(admins))


def _addressee(t: Translator, notice: Message, called: dict[int, str]) -> str:
    if notice.chat_id < 0:
        return t.plain("why-group")
    return called.get(notice.chat_id) or str(notice.chat_id)
