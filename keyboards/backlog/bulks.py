"""The buttons of bulks."""

from collections.abc import Iterable
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import names
from bot.views.bulks import BulkChoice, BulkStep, BulkView
from bot.views.lists import BookingList, ListKey, Origin, status_in
from db.models.bookings import BookingStatus
from db.models.bulks import BulkAction, BulkState, ItemResult
from keyboards.markup import Button, Markup, button, markup
from keyboards.payloads.bulks import BulkButton, BulkChoiceButton, RehearseButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.wire import tab_of

_MOST_STREAMS: Final = 8
_OLD: Final = 30
"""Days after which an unpaid booking is hardly paid any more."""
_STYLES: Final = {
    BulkAction.CONFIRM: ButtonStyle.SUCCESS,
    BulkAction.CANCEL: ButtonStyle.DANGER,
    BulkAction.MOVE: ButtonStyle.PRIMARY,
    BulkAction.REMIND: ButtonStyle.PRIMARY,
}


def choose(t: Translator, key: ListKey) -> Button:
    """Return the button that asks what to do with all bookings of the list."""
    return button(t.plain("button-bulk"), BulkChoiceButton.of_fields(tab=tab_of(key)))


def of_the_unpaid(t: Translator, bookings: BookingList) -> Iterable[Button]:
    """Return what can be done with a whole list of bookings without a receipt."""
    if status_in(bookings) is not BookingStatus.NEW or not bookings.page.items:
        return
    tab = tab_of(bookings.key)
    remind = RehearseButton.of_fields(tab=tab, action=BulkAction.REMIND)
    yield button(t.plain("button-remind-all", number=bookings.page.total), remind)
    old = RehearseButton.of_fields(tab=tab, action=BulkAction.CANCEL, older=_OLD)
    yield button(t.plain("button-cancel-old", days=_OLD), old)


def choices(t: Translator, choice: BulkChoice) -> Markup:
    """Return the actions, then the streams that all can be moved to, then the way back."""
    tab = tab_of(choice.key)

    def ask(label: str, action: BulkAction, stream: int | None = None) -> Button:
        payload = RehearseButton.of_fields(tab=tab, action=action, stream=stream)
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
        [_back(t, choice.key)],
    )


def bulk(t: Translator, view: BulkView) -> Markup:
    return markup(_steps(t, view), [_back(t, view.key)])


def _steps(t: Translator, view: BulkView) -> Iterable[Button]:
    """Return what can be done with the bulk in its state."""
    shown = view.bulk
    match shown.state:
        case BulkState.REHEARSED if shown.waiting:
            label = t.plain(f"button-bulk-begin-{shown.action}", number=shown.waiting)
            yield _step(label, view, BulkStep.BEGIN, _STYLES[shown.action])
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


def _undoable(t: Translator, view: BulkView) -> bool:
    until = view.bulk.undo_until
    return until is not None and until > t.now and view.bulk.number(ItemResult.DONE) > 0


def _step(label: str, view: BulkView, step: BulkStep, style: ButtonStyle | None = None) -> Button:
    return button(label, BulkButton.of_fields(bulk=view.bulk.id, step=step), style)


def _back(t: Translator, key: ListKey) -> Button:
    return button(t.plain("button-back"), ListButton.of(Origin(key)))
