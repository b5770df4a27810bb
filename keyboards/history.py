"""The buttons of the log, and of why a booking is as it is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.i18n import Translator
from bot.texts import names
from bot.texts.history import entry
from db.models import BookingAction, Edge, Explanation, Log, LogPlace, Period, Place
from keyboards.callbacks import CardButton, LogButton
from keyboards.markup import Button, Markup, button, markup

_ADMINS_SHOWN: Final = 75
"""Telegram takes a hundred buttons."""
_ADMINS_ACROSS: Final = 5
_EVERYTHING: Final = Place(status=None)


def log(t: Translator, shown: Log) -> Markup:
    """A row for each entry, the filters with a mark on what is chosen, the other pages."""
    start = replace(shown.place, edge=Edge.FIRST, id=None)
    rows = (
        [button(entry(t, each), CardButton.of(_EVERYTHING, booking=each.booking_id))]
        for each in shown.items
    )
    admins = [
        _choice(t, start, names.clean(each.name, 12) or str(each.id), actor=each.id)
        for each in shown.actors[:_ADMINS_SHOWN]
    ]
    return markup(
        *rows,
        [_choice(t, start, t.plain(f"log-{each}"), action=each) for each in BookingAction],
        [
            _choice(t, start, t.plain(f"log-period-{each.name.lower()}"), period=each)
            for each in Period
        ],
        *(admins[n : n + _ADMINS_ACROSS] for n in range(0, len(admins), _ADMINS_ACROSS)),
        _pages(t, shown, start),
    )


def why(t: Translator, told: Explanation, place: Place) -> Markup:
    booking = told.booking.id
    return markup(
        [button(t.plain("button-history"), LogButton.of(LogPlace(booking=booking)))],
        [button(t.plain("button-back-to-card"), CardButton.of(place, booking=booking))],
    )


def _choice(t: Translator, start: LogPlace, label: str, **chosen: object) -> Button:
    """A filter: pressed once it narrows the log, pressed again it does no more."""
    [(name, value)] = chosen.items()
    if getattr(start, name) == value:
        return button(f"• {label}", LogButton.of(start, **{name: None}))
    return button(label, LogButton.of(start, **chosen))


def _pages(t: Translator, shown: Log, start: LogPlace) -> Iterable[Button]:
    def to(edge: Edge, entry_id: int | None = None) -> str:
        return LogButton.of(replace(start, edge=edge, id=entry_id))

    if shown.number > 1:
        yield button(t.plain("button-first"), to(Edge.FIRST))
        yield button(t.plain("button-previous"), to(Edge.BEFORE, shown.items[0].id))
    if shown.last > 1:
        label = t.plain("button-page", number=shown.number, last=shown.last)
        yield button(label, LogButton.of(shown.place))
    if shown.number < shown.last:
        yield button(t.plain("button-next"), to(Edge.AFTER, shown.items[-1].id))
        yield button(t.plain("button-last", last=shown.last), to(Edge.LAST))
