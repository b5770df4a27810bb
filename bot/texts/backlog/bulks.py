"""Bulks as text."""

from collections.abc import Iterable

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.bookings import ALERT_NAME_LENGTH, what
from bot.texts.filters import criteria_line
from bot.views.bulks import BulkChoice, BulkPage, BulkView
from db.models.bookings import BookingStatus
from db.models.bulks import MOST_IN_BULK, Bulk, BulkAction, BulkPart, BulkState, ItemResult


def choices(t: Translator, choice: BulkChoice) -> str:
    """Return what the list has, and how many of it one bulk takes."""
    lines = [t("bulk-choices", count=choice.total)]
    if choice.total > MOST_IN_BULK:
        lines.append(t("bulk-most", number=MOST_IN_BULK))
    if not choice.streams:
        lines.append(t("bulk-move-needs-course"))
    return "\n\n".join(lines)


def bulk(t: Translator, view: BulkView) -> str:
    """Return the progress, and what was left alone with the reason."""
    parts = [
        _heading(t, view),
        _progress(t, view),
        *_tells(t, view.bulk),
        *_approved(t, view),
        *_left(t, view),
    ]
    return "\n".join(parts).strip()


def _heading(t: Translator, view: BulkView) -> str:
    stream = names.stream_title(view.stream) if view.stream else "—"
    heading = t(f"bulk-{view.bulk.action}", stream=stream)
    line = criteria_line(t, view.filter, view.names)
    return f"{heading}\n{t('filter-chosen', line=line)}" if line else heading


def _progress(t: Translator, view: BulkView) -> str:
    shown = view.bulk
    done = shown.number(ItemResult.DONE)
    match shown.state:
        case BulkState.REHEARSED | BulkState.ASKED | BulkState.REFUSED:
            return _before(t, shown)
        case BulkState.RUNNING:
            every = done + shown.waiting + shown.number(ItemResult.CHANGED)
            return t("bulk-running", done=done, all=every)
        case BulkState.UNDOING:
            return t("bulk-undoing", done=shown.number(ItemResult.UNDONE), left=done)
        case BulkState.UNDONE:
            return t("bulk-undone", count=shown.number(ItemResult.UNDONE))
        case _:
            lines = [t(f"bulk-{shown.state}", count=done)]
            if shown.state is BulkState.STOPPED:
                lines.append(t("bulk-untouched", count=shown.waiting))
            if shown.undo_until is not None and shown.undo_until > t.now and done:
                at = t.clock(shown.undo_until)
                lines.append(t("bulk-undo-until" if shown.tell else "bulk-undo-quietly", at=at))
            return "\n".join(lines)


def _before(t: Translator, shown: Bulk) -> str:
    """Return why nothing has changed yet."""
    match shown.state:
        case BulkState.ASKED:
            return t("bulk-asked", count=shown.waiting, name=names.clean(shown.by.name))
        case BulkState.REFUSED if shown.second is not None:
            return t("bulk-refused", name=names.clean(shown.second.name))
        case _:
            return t("bulk-rehearsed", count=shown.waiting)


def _tells(t: Translator, shown: Bulk) -> Iterable[str]:
    """Return whether the students will hear of it, where an admin chooses."""
    if shown.state in {BulkState.REHEARSED, BulkState.ASKED} and shown.action.may_be_quiet:
        yield t(f"bulk-tells-{shown.action}" if shown.tell else "bulk-quiet")


def _approved(t: Translator, view: BulkView) -> Iterable[str]:
    if view.bulk.second is not None and view.bulk.state is not BulkState.REFUSED:
        yield t("bulk-approved", name=names.clean(view.bulk.second.name))


def page(t: Translator, page: BulkPage) -> str:
    """Return the bookings of a page, each with the reason why it stays, if it does."""
    view, part = page.view, page.origin.part
    lines = [_heading(t, view), "", t(f"bulk-{part}", count=view.count(part))]
    if part is BulkPart.LEFT:
        lines += [_line(t, view, booking_id) for booking_id in view.shown]
    return "\n".join(lines)


def _left(t: Translator, view: BulkView) -> Iterable[str]:
    number = view.count(BulkPart.LEFT)
    if not number:
        return
    yield ""
    yield t("bulk-left", count=number)
    for booking_id in view.shown:
        yield _line(t, view, booking_id)
    if number > len(view.shown):
        yield t("bulk-left-more", count=number - len(view.shown))


def _line(t: Translator, view: BulkView, booking_id: int) -> str:
    """Return a booking that was left alone, as it is now, and who changed it last."""
    booking = view.bookings.get(booking_id)
    if booking is None:
        return t("bulk-line-gone", booking=booking_id)
    change = view.changes.get(booking_id)
    if view.bulk.action is BulkAction.REMIND and booking.status is BookingStatus.NEW:
        why = icons.UNREACHABLE.get(booking.reachability) or t.plain("bulk-reminded-lately")
    else:
        why = "" if change is None else what(change, t.plain, ALERT_NAME_LENGTH)
    return t(
        "bulk-line",
        icon=icons.BOOKING[booking.status],
        booking=booking_id,
        name=names.student(t, booking),
        what=f" · {why}" if why else "",
    )
