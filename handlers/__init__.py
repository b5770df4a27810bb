"""Telegram in: one module per feature, thin."""

from collections.abc import Sequence
from typing import Final

from aiogram import Router

from handlers import (
    admins,
    bookings,
    errors,
    fallback,
    filters,
    history,
    lists,
    outbox,
    people,
    places,
    status,
)
from handlers.common.access import admins_only
from handlers.search import forwards, inline
from handlers.search import typed as search
from handlers.students import membership
from handlers.students import own as students

#: What comes first takes messages before anybody reads their words as a command: a card that was
#: posted through the bot, and what somebody else wrote. `admins` takes whatever is left. Of the
#: others the lists come first, for an update pays for each handler that it is offered to.
_FOR_ADMINS: Final = (
    places,
    inline,
    forwards,
    lists,
    bookings,
    search,
    people,
    history,
    outbox,
    filters,
    status,
    admins,
)
_FOR_EVERYBODY: Final = (errors, membership, students, fallback)


def build_routers() -> Sequence[Router]:
    """Return every route: who speaks decides first, and what nobody takes falls to the last.

    Few routers, for an update pays some 20 µs for each that it is offered to.
    """
    desk = Router(name="desk")
    admins_only(desk)
    for feature in _FOR_ADMINS:
        feature.register(desk)
    return [desk, build_student_router()]


def build_student_router() -> Router:
    """Return what a bot answers to that only students know: their bookings, nothing else."""
    router = Router(name="students")
    for feature in _FOR_EVERYBODY:
        feature.register(router)
    return router
