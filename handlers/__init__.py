"""Telegram in: one router per feature, thin."""

from typing import Final

from aiogram import Router

from handlers import (
    admins,
    bookings,
    cards,
    errors,
    fallback,
    filters,
    history,
    inline,
    membership,
    outbox,
    people,
    search,
    status,
    students,
)
from handlers.access import admins_only

#: What comes first takes messages before anybody reads their words as a command: a card that was
#: posted through the bot, and what somebody else wrote. `admins` takes whatever is left.
_FOR_ADMINS: Final = (
    inline,
    search,
    bookings,
    cards,
    people,
    history,
    outbox,
    filters,
    status,
    admins,
)
_FOR_EVERYBODY: Final = (errors, membership, students, fallback)


def build_router() -> Router:
    """Return every route: who speaks decides first, and what nobody takes falls to the last."""
    router, desk = Router(name=__name__), Router(name="desk")
    admins_only(desk)
    for feature in _FOR_ADMINS:
        desk.include_router(feature.build_router())
    router.include_router(desk)
    for feature in _FOR_EVERYBODY:
        router.include_router(feature.build_router())
    return router


def build_student_router() -> Router:
    """Return what a bot answers to that only students know: their bookings, nothing else."""
    router = Router(name="students")
    for feature in _FOR_EVERYBODY:
        router.include_router(feature.build_router())
    return router
