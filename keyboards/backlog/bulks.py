"""The buttons of bulks."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.lists import row
from bot.views.bulks import BulkChoice, BulkPage, BulkStep, BulkView
from bot.views.lists import BookingList, BulkOrigin, Origin, status_in
from db.models.bookings import Booking, BookingStatus
from db.models.bulks import BulkAction, BulkPart, BulkState, ItemResult
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import turns
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.bulks import BulkButton, BulkChoiceButton, BulkPageButton, RehearseButton
from keyboards.payloads.lists import ListButton

_MOST_STREAMS: Final = 8
_OLD: Final = 30
"""Days after which an unpaid booking is hardly paid any more."""
_STYLES: Final = {
    BulkAction.CONFIRM: ButtonStyle.SUCCESS,
    BulkAction.CANCEL: ButtonStyle.DANGER,
    BulkAction.MOVE: ButtonStyle.PRIMARY,
    BulkAction.REMIND: ButtonStyle.PRIMARY,
}


def choose(t: Translator, here: Origin) -> Button:
    """Return the button that asks what to do with all bookings of the list."""
    return button(t.plain("button-bulk"), BulkChoiceButton.of(here))


def of_the_unpaid(t: Translator, bookings: BookingList) -> Iterable[Button]:
    """Return what can be done with a whole list of bookings without a receipt."""
    if status_in(bookings) is not BookingStatus.NEW or not bookings.page.items:
        return
    here = Origin(bookings.key, bookings.page.cursor)
    remind = RehearseButton.of(here, action=BulkAction.REMIND)
    yield button(t.plain("button-remind-all", number=bookings.page.total), remind)
    old = RehearseButton.of(here, action=BulkAction.CANCEL, older=_OLD)
    yield button(t.plain("button-cancel-old", days=_OLD), old)


def choices(t: Translator, choice: BulkChoice) -> Markup:
    """Return the actions, then the streams that all can be moved to, then the way back."""

    def ask(label: str, action: BulkAction, stream: int | None = None) -> Button:
        payload = RehearseButton.of(choice.origin, action=action, stream=stream)
        return button(label, payload, _STYLES[action])

    return markup(
        [
            ask(t.plain("button-bulk-confirm"), BulkAction.CONFIRM),
            ask(t.plain("button-bulk-cancel"), BulkAction.CANCEL),
        ],
        *(
            [
                ask(
                    t.plain("button-bulk-move", stream=names.stream_title(stream)),
                    BulkAction.MOVE,
                    stream.id,
                )
            ]
            for stream in choice.streams[:_MOST_STREAMS]
        ),
        [_back(t, choice.origin)],
    )


def bulk(t: Translator, view: BulkView) -> Markup:
    return markup(_steps(t, view), _switch(t, view), _parts(t, view), [_back(t, view.origin)])


def page(t: Translator, page: BulkPage) -> Markup:
    """Return a row for each booking of the page that there is still, and the way back."""
    view, origin = page.view, page.origin
    return markup(
        *([_row(t, view.bookings[each], origin)] for each in view.shown if each in view.bookings),
        turns(
            t,
            page.previous,
            page.following,
            lambda offset: BulkPageButton.of(replace(origin, offset=offset)),
        ),
        [_step(t.plain("button-back-to-bulk"), view, BulkStep.SHOW)],
    )


def _row(t: Translator, booking: Booking, origin: BulkOrigin) -> Button:
    return button(row(t, booking), CardButton.of(origin, booking=booking.id))


def _parts(t: Translator, view: BulkView) -> Iterable[Button]:
    """Return the buttons that list whom the bulk concerns, and who stays as they are."""
    for part in BulkPart:
        if number := view.count(part):
            label = t.plain(f"button-bulk-{part}", number=number)
            yield button(label, BulkPageButton.of(BulkOrigin(view.bulk.id, part)))


def _steps(t: Translator, view: BulkView) -> Iterable[Button]:
    """Return what can be done with the bulk in its state."""
    shown = view.bulk
    match shown.state:
        case BulkState.REHEARSED if shown.waiting:
            label = t.plain(f"button-bulk-begin-{shown.action}", number=shown.waiting)
            yield _step(label, view, BulkStep.BEGIN, _STYLES[shown.action])
        case BulkState.ASKED:
            label = t.plain("button-bulk-approve", number=shown.waiting)
            yield _step(label, view, BulkStep.APPROVE, ButtonStyle.SUCCESS)
            yield _step(t.plain("button-bulk-refuse"), view, BulkStep.REFUSE, ButtonStyle.DANGER)
        case BulkState.RUNNING:
            yield _step(t.plain("button-bulk-halt"), view, BulkStep.HALT, ButtonStyle.DANGER)
            yield _step(t.plain("button-refresh"), view, BulkStep.SHOW)
        case BulkState.UNDOING:
            yield _step(t.plain("button-refresh"), view, BulkStep.SHOW)
        case BulkState.DONE | BulkState.STOPPED if _undoable(t, view):
            label = t.plain("button-bulk-undo", number=shown.number(ItemResult.DONE))
            yield _step(label, view, BulkStep.UNDO, ButtonStyle.PRIMARY)
        case _:
            return


def _switch(t: Translator, view: BulkView) -> Iterable[Button]:
    """Return the switch by which the students hear of it, where an admin chooses."""
    shown = view.bulk
    if shown.state is BulkState.REHEARSED and shown.waiting and shown.action.may_be_quiet:
        label = t.plain("button-bulk-tell")
        if shown.tell:
            yield _step(f"{icons.CHOSEN} {label}", view, BulkStep.QUIET)
        else:
            yield _step(label, view, BulkStep.TELL)


def _undoable(t: Translator, view: BulkView) -> bool:
    until = view.bulk.undo_until
    return until is not None and until > t.now and view.bulk.number(ItemResult.DONE) > 0


def _step(label: str, view: BulkView, step: BulkStep, style: ButtonStyle | None = None) -> Button:
    return button(label, BulkButton.of_fields(bulk=view.bulk.id, step=step), style)


def _back(t: Translator, origin: Origin) -> Button:
    return button(t.plain("button-back"), ListButton.of(origin))
