"""The buttons of the log, and of the explanation of a booking's state."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.i18n import Translator
from bot.texts import icons, names
from bot.texts.history import entry
from bot.views.history import Explanation, Log
from bot.views.lists import BookingLogOrigin, LogOrigin, Place
from db.models.audit import LogFilter, Period
from db.models.bookings import BookingAction
from keyboards.markup import Button, Markup, button, in_rows, markup
from keyboards.paging import pages
from keyboards.payloads.bookings import CardButton
from keyboards.payloads.history import HistoryButton, LogButton, PersonLogButton, WhyButton
from keyboards.payloads.people import PersonButton

_MAX_ADMINS: Final = 75
"""Telegram takes at most a hundred buttons in a message."""
_ACTIONS_ACROSS: Final = 4
_ADMINS_ACROSS: Final = 2


def log(t: Translator, log: Log) -> Markup:
    """Return a row for each entry, then the filters with a mark on active ones, then the pages.

    The log of one booking has a button to its card instead of the rows.
    """
    admins = _admins(log)
    return markup(
        *_entries(t, log),
        *in_rows(list(_actions(t, log.filter)), _ACTIONS_ACROSS),
        _periods(t, log.filter),
        *in_rows(admins, _ADMINS_ACROSS),
        _clear(t, log.filter),
        pages(t, log.page, lambda cursor: LogButton.of(log.filter, cursor)),
    )


def history(t: Translator, log: Log, payload: HistoryButton) -> Markup:
    """Return the pages of the log of a booking or person, and the button back."""
    place, booking = payload.place, payload.booking
    kind = type(payload)
    if isinstance(payload, PersonLogButton):
        back = button(t.plain("button-back-to-person"), PersonButton.of(place, booking=booking))
    else:
        back = button(t.plain("button-back-to-why"), WhyButton.of(place, booking=booking))
    return markup(
        pages(
            t,
            log.page,
            lambda cursor: kind.of(place, booking=booking, log_edge=cursor.edge, entry=cursor.id),
        ),
        [back],
    )


def _entries(t: Translator, log: Log) -> Iterable[Sequence[Button]]:
    if log.filter.booking is not None:
        payload = CardButton.of(BookingLogOrigin(), booking=log.filter.booking)
        return [[button(t.plain("button-booking", id=log.filter.booking), payload)]]
    here = LogOrigin(log.filter, log.page.cursor)
    return (
        [button(entry(t, log, change), CardButton.of(here, booking=change.booking_id))]
        for change in log.page.items
    )


def _clear(t: Translator, criteria: LogFilter) -> Iterable[Button]:
    everything = LogFilter(booking=criteria.booking, person=criteria.person)
    if criteria != everything:
        yield button(t.plain("button-clear-all"), LogButton.of(everything))


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
            names.clean(admin.name, 14) or str(admin.id),
            replace(criteria, actor=admin.id),
            everybody,
        )
        for admin in log.actors[:_MAX_ADMINS]
    ]


def why(t: Translator, explanation: Explanation, origin: Place) -> Markup:
    booking = explanation.booking.id
    return markup(
        [button(t.plain("button-history"), HistoryButton.of(origin, booking=booking))],
        [button(t.plain("button-back-to-card"), CardButton.of(origin, booking=booking))],
    )


def _choice(criteria: LogFilter, label: str, with_: LogFilter, without: LogFilter) -> Button:
    """Return the button of a filter, which a second press switches off."""
    if with_ == criteria:
        return button(f"{icons.CHOSEN} {label}", LogButton.of(without))
    return button(label, LogButton.of(with_))
