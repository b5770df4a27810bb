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
    unreached,
)
from handlers.adding import by_hand, imports
from handlers.backlog import arrivals, bulks, questions, reasons, reminders, review
from handlers.common.access import admins_only
from handlers.common.copies import Copies
from handlers.common.order import PressOrder
from handlers.search import forwards, inline
from handlers.search import typed as search
from handlers.students import membership
from handlers.students import own as students

#: The order decides which handler takes an update. Cards posted through the bot and forwarded
#: messages come before commands, because their text may look like one; what answers a question
#: comes before what is searched for. `admins` takes the rest.
#: The lists come early, because each handler that is offered an update costs CPU.
_FOR_ADMINS: Final = (
    places,
    inline,
    questions,
    reasons,
    imports,
    by_hand,
    forwards,
    lists,
    bookings,
    unreached,
    review,
    arrivals,
    bulks,
    reminders,
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
    """Return the routers in order: the admins' first, then everybody's.

    There are only two, because each router that is offered an update costs CPU.
    """
    desk = Router(name="desk")
    admins_only(desk)
    desk.message.middleware(Copies())
    desk.callback_query.outer_middleware(Copies())
    desk.callback_query.outer_middleware(PressOrder())
    for feature in _FOR_ADMINS:
        feature.register(desk)
    return [desk, build_student_router()]


def build_student_router() -> Router:
    """Return the router of a bot that only students use: it shows them their own bookings."""
    router = Router(name="students")
    for feature in _FOR_EVERYBODY:
        feature.register(router)
    return router
