"""Adding a booking by hand, as text."""

from collections.abc import Iterable
from html import escape
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.bookings import booking_card
from bot.views.adding.by_hand import Added, DraftView
from db.models.adding.drafts import ADDABLE, DraftField, Person

_LABEL: Final = 28


def draft(t: Translator, view: DraftView) -> str:
    """Return what is known so far, then the question."""
    known = list(_known(t, view))
    return "\n\n".join(
        filter(None, [t("add-heading"), "\n".join(known), *_duplicates(t, view), _ask(t, view)])
    )


def added(t: Translator, done: Added) -> str:
    """Return the card under the news."""
    return f"{t('add-done', id=done.card.booking.id)}\n\n{booking_card(t, done.card)}"


def person(someone: Person, length: int = names.NAME_LENGTH) -> str:
    """Return the name, the username and the number, as far as they are known, as plain text."""
    parts = (
        names.clean(someone.first_name, length),
        names.at(someone.username),
        f"id {someone.user_id}",
    )
    return " · ".join(filter(None, parts))


def candidate(someone: Person) -> str:
    """Return the label of somebody who may be meant, as plain text."""
    return names.clean(person(someone, 12), _LABEL)


def statuses(t: Translator) -> Iterable[tuple[int, str]]:
    """Return the code and the label of each status that a booking can be added with."""
    for status in ADDABLE:
        yield status.code, f"{icons.BOOKING[status]} {t.plain(f'status-{status}')}"


def _known(t: Translator, view: DraftView) -> Iterable[str]:
    if view.draft.person:
        yield f"👤 {escape(person(view.draft.person))}"
    if view.draft.has(DraftField.COURSE):
        course = names.clean(view.course) or f"#{view.draft.course_id}"
        new = t("add-new") if view.draft.course_name else ""
        yield f"🎓 {escape(course)}{new}"
    if view.draft.course_stream:
        stream = names.clean(view.stream) or names.clean(view.draft.course_stream)
        yield f"👥 {escape(stream)}"
    if view.draft.confirmed is not None:
        yield f"{icons.BOOKING[view.draft.status]} {t(f'status-{view.draft.status}')}"


def _duplicates(t: Translator, view: DraftView) -> Iterable[str]:
    if view.duplicates:
        others = ", ".join(
            f"#{booking.id} {icons.BOOKING[booking.status]}" for booking in view.duplicates
        )
        yield t("add-duplicates", bookings=others)


def _ask(t: Translator, view: DraftView) -> str:
    match view.draft.asks:
        case DraftField.PERSON:
            return t("add-who-several" if view.candidates else "add-who")
        case DraftField.COURSE:
            return t("add-course" if view.courses else "add-course-new")
        case DraftField.STREAM:
            return t("add-stream" if view.streams else "add-stream-new")
        case DraftField.STATUS:
            return t("add-status")
        case None:
            welcomes = view.draft.status.code == ADDABLE[-1].code
            return t("add-question-welcome" if welcomes else "add-question")
