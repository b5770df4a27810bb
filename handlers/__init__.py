"""Telegram in: one router per feature, thin."""

from aiogram import Router

from handlers import admins, bookings, cards, errors, fallback, students


def build_router() -> Router:
    """Return every route: who speaks decides first, and what nobody takes falls to the last."""
    router = Router(name=__name__)
    for feature in (errors, bookings, cards, admins, students, fallback):
        router.include_router(feature.build_router())
    return router
