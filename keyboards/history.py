"""The buttons of the log, and of why a booking is as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.i18n import Translator
from bot.texts import names
from bot.texts.history import entry
from bot.views.history import Explanation, Log
from bot.views.lists import Origin
from db.models.audit import LogFilter, Period
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import pages
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.history import LogButton

_ADMINS_SHOWN: Final = 75
"""Telegram takes a hundred buttons."""
_ADMINS_ACROSS: Final = 5


def log(t: Translator, shown: Log) -> Markup:
    """A row for each entry, the filters with a mark on what is chosen, the other pages."""
    rows = (
        [button(entry(t, each), CardButton.of(Origin(), booking=each.booking_id))]
        for each in shown.page.items
    )
    admins = _admins(shown)
    return markup(
        *rows,
        _actions(t, shown.filter),
        _periods(t, shown.filter),
        *(admins[n : n + _ADMINS_ACROSS] for n in range(0, len(admins), _ADMINS_ACROSS)),
        pages(t, shown.page, lambda cursor: LogButton.of(shown.filter, cursor)),
    )


def _actions(t: Translator, chosen: LogFilter) -> Iterable[Button]:
    everything = replace(chosen, action=None)
    for action in BookingAction:
        label = t.plain(f"log-{action}")
        yield _choice(chosen, label, replace(chosen, action=action), everything)


def _periods(t: Translator, chosen: LogFilter) -> Iterable[Button]:
    everything = replace(chosen, period=None)
    for period in Period:
        label = t.plain(f"log-period-{period}")
        yield _choice(chosen, label, replace(chosen, period=period), everything)


def _admins(shown: Log) -> Sequence[Button]:
    chosen, everybody = shown.filter, replace(shown.filter, actor=None)
    return [
        _choice(
            chosen,
            names.clean(admin.name, 12) or str(admin.id),
            replace(chosen, actor=admin.id),
            everybody,
        )
        for admin in shown.actors[:_ADMINS_SHOWN]
    ]


def why(t: Translator, told: Explanation, origin: Origin) -> Markup:
    booking = told.booking.id
    return markup(
        [button(t.plain("button-history"), LogButton.of(LogFilter(booking=booking)))],
        [button(t.plain("button-back-to-card"), CardButton.of(origin, booking=booking))],
    )


def _choice(chosen: LogFilter, label: str, narrowed: LogFilter, without: LogFilter) -> Button:
    """A filter: pressed once it narrows the log, pressed again it does no more."""
    if narrowed == chosen:
        return button(f"• {label}", LogButton.of(without))
    return button(label, LogButton.of(narrowed))
