"""The buttons of the log, and of the explanation of a booking's state."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.history import entry
from bot.views.history import Explanation, Log
from bot.views.lists import Origin
from db.models.audit import LogFilter, Period
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import pages
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.history import LogButton

_MAX_ADMINS: Final = 75
"""Telegram takes at most a hundred buttons in a message."""
_ADMINS_ACROSS: Final = 5


def log(t: Translator, log: Log) -> Markup:
    """Return a row for each entry, then the filters with a mark on active ones, then the pages."""
    rows = (
        [button(entry(t, change), CardButton.of(Origin(), booking=change.booking_id))]
        for change in log.page.items
    )
    admins = _admins(log)
    return markup(
        *rows,
        _actions(t, log.filter),
        _periods(t, log.filter),
        *(admins[n : n + _ADMINS_ACROSS] for n in range(0, len(admins), _ADMINS_ACROSS)),
        pages(t, log.page, lambda cursor: LogButton.of(log.filter, cursor)),
    )


def _actions(t: Translator, criteria: LogFilter) -> Iterable[Button]:
    everything = replace(criteria, action=None)
    for action in BookingAction:
        label = t.plain(f"log-{action}")
        yield _choice(criteria, label, replace(criteria, action=action), everything)


def _periods(t: Translator, criteria: LogFilter) -> Iterable[Button]:
    everything = replace(criteria, period=None)
    for period in Period:
        label = t.plain(f"log-period-{period}")
        yield _choice(criteria, label, replace(criteria, period=period), everything)


def _admins(log: Log) -> Sequence[Button]:
    criteria, everybody = log.filter, replace(log.filter, actor=None)
    return [
        _choice(
            criteria,
            names.clean(admin.name, 12) or str(admin.id),
            replace(criteria, actor=admin.id),
            everybody,
        )
        for admin in log.actors[:_MAX_ADMINS]
    ]


def why(t: Translator, explanation: Explanation, origin: Origin) -> Markup:
    booking = explanation.booking.id
    return markup(
        [button(t.plain("button-history"), LogButton.of(LogFilter(booking=booking)))],
        [button(t.plain("button-back-to-card"), CardButton.of(origin, booking=booking))],
    )


def _choice(criteria: LogFilter, label: str, with_: LogFilter, without: LogFilter) -> Button:
    """Return the button of a filter, which a second press switches off."""
    if with_ == criteria:
        return button(f"{icons.CHOSEN} {label}", LogButton.of(without))
    return button(label, LogButton.of(with_))
