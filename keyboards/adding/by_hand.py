"""The buttons of adding a booking by hand."""

from collections.abc import Iterable, Sequence
from typing import Final

from aiogram.enums import ButtonStyle
from aiogram.types import KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup

from bot.i18n import Translator
from bot.texts import names
from bot.texts.adding.by_hand import candidate, statuses
from bot.views.adding.by_hand import Added, DraftView
from bot.views.lists import EVERYTHING, Origin
from db.models.adding.drafts import DraftField
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.paging import turns
from keyboards.payloads.adding.by_hand import (
    AddButton,
    AddDraftButton,
    DraftButton,
    DraftChoiceButton,
    DropDraftButton,
    PickPersonButton,
    UndoAddingButton,
)
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.lists import ListButton

PERSON_REQUEST: Final = 1
"""The number that comes back with the person whom the admin chose."""
_TWO: Final = 2
_PER_PAGE: Final = 8


def begin(t: Translator) -> Button:
    return button(t.plain("button-add"), AddButton.of_fields(), ButtonStyle.PRIMARY)


def draft(t: Translator, view: DraftView) -> Markup:
    """Return the choices of what is asked, then the ways out."""
    return markup(*_choices(t, view), _pages(t, view), _ways_out(t, view))


def added(t: Translator, done: Added) -> Markup:
    booking = done.card.booking
    undo = UndoAddingButton.of_fields(booking=booking.id, revision=booking.revision)
    label = t.plain("button-booking", id=booking.id)
    return markup(
        [button(t.plain("button-undo"), undo, ButtonStyle.PRIMARY)]
        if done.card.undo_until
        else [],
        [button(label, CardButton.of(Origin(), booking=booking.id))],
        *over(t)["inline_keyboard"],
    )


def over(t: Translator) -> Markup:
    """Return the buttons under what has come to its end."""
    everything = button(t.plain("button-all"), ListButton.of(Origin(EVERYTHING)))
    return markup([begin(t)], [everything])


def picker(t: Translator) -> ReplyKeyboardMarkup:
    """Return the button by which Telegram shows the admin's people."""
    request = KeyboardButtonRequestUsers(
        request_id=PERSON_REQUEST, user_is_bot=False, request_name=True, request_username=True
    )
    choose = KeyboardButton(text=t.plain("button-add-pick"), request_users=request)
    return ReplyKeyboardMarkup(keyboard=[[choose]], resize_keyboard=True, one_time_keyboard=True)


def _choices(t: Translator, view: DraftView) -> Iterable[Sequence[Button]]:
    match view.draft.asks:
        case DraftField.PERSON:
            for someone in view.candidates:
                yield [_choice(view, candidate(someone), someone.user_id)]
            pick = PickPersonButton.of_fields(draft=view.draft.id)
            yield [button(t.plain("button-add-pick"), pick)]
        case DraftField.COURSE:
            for number, title in view.courses.items():
                yield [_choice(view, names.clean(title) or f"#{number}", number)]
        case DraftField.STREAM:
            for stream in view.streams:
                yield [_choice(view, names.stream_title(stream), stream.id)]
        case DraftField.STATUS:
            for code, label in statuses(t):
                yield [_choice(view, label, code)]
        case None:
            yield [_add(t, view)]
            yield from in_rows([_edit(t, view, field) for field in DraftField], _TWO)


def _choice(view: DraftView, label: str, value: int) -> Button:
    payload = DraftChoiceButton.of_fields(draft=view.draft.id, field=view.draft.asks, value=value)
    return button(label, payload)


def _add(t: Translator, view: DraftView) -> Button:
    known = view.duplicates[0].id if view.duplicates else 0
    payload = AddDraftButton.of_fields(
        draft=view.draft.id, revision=view.draft.revision, known=known
    )
    if view.duplicates:
        return button(t.plain("button-add-anyway"), payload, ButtonStyle.DANGER)
    return button(t.plain("button-add-now"), payload, ButtonStyle.SUCCESS)


def _edit(t: Translator, view: DraftView, field: DraftField) -> Button:
    payload = DraftButton.of_fields(draft=view.draft.id, field=field)
    return button(t.plain(f"button-add-{field}"), payload)


def _pages(t: Translator, view: DraftView) -> Iterable[Button]:
    return turns(
        t,
        view.offset - _PER_PAGE if view.offset else None,
        view.offset + _PER_PAGE if view.more else None,
        lambda offset: DraftButton.of_fields(
            draft=view.draft.id, field=view.draft.asks, offset=offset
        ),
    )


def _ways_out(t: Translator, view: DraftView) -> Iterable[Button]:
    """Return the button back to the question, if nothing is missing, and the one that ends it."""
    if view.draft.asks is not None and view.draft.asking().asks is None:
        yield button(t.plain("button-back"), DraftButton.of_fields(draft=view.draft.id))
    drop = DropDraftButton.of_fields(draft=view.draft.id)
    yield button(t.plain("button-add-drop"), drop, ButtonStyle.DANGER)
