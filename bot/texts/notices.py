"""Notices to admins."""

from collections.abc import Iterable
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import icons, names
from bot.views.alerts import Alert
from bot.views.outbox import Missed, Notice

_NAMED: Final = 10
_NAME_LENGTH: Final = 20


def unreached(t: Translator, student: Missed, by_hand: str, link: str) -> str:
    """Return what has become of a message: who, why, and what to do if it has not arrived."""
    booking, message = student.booking, student.message
    if booking is None:
        return t("notice-gone", booking=message.booking_id or 0)
    return t(
        f"notice-{message.state}",
        what=t.plain(f"notice-what-{message.kind}"),
        name=names.student(t, booking),
        username=names.username(booking) or t("card-no-username"),
        id=names.user_id(booking),
        booking=booking.id,
        reason=_reason(t, student),
        text=by_hand,
        link=link,
    )


def several(t: Translator, notice: Notice) -> str:
    """Return how many students are out of reach, the first of them, and how many are not."""
    there, total = notice.in_trouble, len(notice.students)
    if not there:
        return t("notice-several-over", count=total)
    lines: list[str] = [t("notice-several", count=len(there)), ""]
    lines += [_line(t, each) for each in there[:_NAMED]]
    if len(there) > _NAMED:
        lines.append(t("notice-several-more", count=len(there) - _NAMED))
    if len(there) < total:
        lines += ["", t("notice-several-settled", count=total - len(there))]
    return "\n".join(lines)


def _line(t: Translator, student: Missed) -> str:
    booking, message = student.booking, student.message
    name = names.student(t, booking, _NAME_LENGTH) if booking else str(message.chat_id)
    line = t(
        "notice-several-line",
        icon=icons.MESSAGE[message.state],
        name=name,
        what=t.plain(f"notice-what-{message.kind}"),
        booking=message.booking_id or 0,
        reason=_reason(t, student),
    )
    return "".join([line, *_writer(t, student)])


def _writer(t: Translator, student: Missed) -> Iterable[str]:
    if student.writer is not None:
        yield t("notice-several-writer", name=names.clean(student.writer.name, _NAME_LENGTH))


def _reason(t: Translator, student: Missed) -> Html:
    reason = student.message.reason
    return t(f"reason-{reason}") if reason else Html("")


def alert(t: Translator, about: Alert, waiting: int) -> str:
    """Return what the desk says of itself; `waiting` messages wait to leave."""
    return t(
        f"alert-{about.trouble}-{about.phase}",
        bot=about.bot,
        since=t.moment(about.since),
        until=t.moment(about.until),
        waiting=waiting,
    )
