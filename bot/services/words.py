"""`/bookings pending stream:7 since:2025-09-01`: filters in words, of both languages at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.errors import WordsUnclear
from bot.services.choices import month_of
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import Actor, BookingStatus, Filter, WelcomeState

_MOST: Final = 200
"""Characters of a word that is named in the answer, all of them together."""

_STATUSES: Final[Mapping[str, BookingStatus]] = {
    "new": BookingStatus.NEW,
    "новые": BookingStatus.NEW,
    "новая": BookingStatus.NEW,
    "pending": BookingStatus.PENDING,
    "ждут": BookingStatus.PENDING,
    "ждёт": BookingStatus.PENDING,
    "ждет": BookingStatus.PENDING,
    "confirmed": BookingStatus.CONFIRMED,
    "подтверждены": BookingStatus.CONFIRMED,
    "подтверждена": BookingStatus.CONFIRMED,
    "cancelled": BookingStatus.CANCELLED,
    "canceled": BookingStatus.CANCELLED,
    "отменены": BookingStatus.CANCELLED,
    "отменена": BookingStatus.CANCELLED,
}
_DAYS: Final[Mapping[str, int]] = {
    "today": 1,
    "сегодня": 1,
    "week": 7,
    "неделя": 7,
    "month": 30,
    "месяц": 30,
}
_WELCOMES: Final[Mapping[str, WelcomeState]] = {
    "undelivered": WelcomeState.UNDELIVERED,
    "недоставлено": WelcomeState.UNDELIVERED,
    "waiting": WelcomeState.WAITING,
    "ожидает": WelcomeState.WAITING,
    "delivered": WelcomeState.DELIVERED,
    "доставлено": WelcomeState.DELIVERED,
}
_DISCOUNTS: Final[Mapping[str, bool]] = {
    "discount": True,
    "скидка": True,
    "nodiscount": False,
    "безскидки": False,
}
_KEYS: Final[Mapping[str, str]] = {
    "stream": "stream",
    "поток": "stream",
    "course": "course",
    "курс": "course",
    "since": "since",
    "с": "since",
    "month": "month",
    "месяц": "month",
    "until": "until",
    "по": "until",
    "code": "code",
    "код": "code",
    "промокод": "code",
}


class WordService:
    """Filters as admins write them; raises NotAllowed for others."""

    def __init__(self, db: Database, staff: Staff) -> None:
        self._db = db
        self._staff = staff

    async def read(self, text: str, *, by: Actor) -> Filter:
        """Return the filter that the words mean, in whatever order they stand.

        Raises:
            WordsUnclear: some of them mean nothing; it names them.
        """
        self._staff.check(by)
        chosen, unclear = Filter(), []
        async with self._db.snapshot() as uow:
            for word in text.split():
                narrowed = await _read(uow, chosen, word)
                if narrowed is None:
                    unclear.append(word)
                else:
                    chosen = narrowed
        if unclear:
            raise WordsUnclear(" ".join(unclear)[:_MOST])
        return chosen


async def _read(uow: UnitOfWork, chosen: Filter, word: str) -> Filter | None:
    key, colon, value = word.partition(":")
    if colon:
        return await _valued(uow, chosen, _KEYS.get(key.lower()), value)
    plain = word.lower()
    if plain in _STATUSES:
        return replace(chosen, status=_STATUSES[plain])
    if plain in _DAYS:
        return replace(chosen, days=_DAYS[plain], since=None, until=None)
    if plain in _WELCOMES:
        return replace(chosen, welcome=_WELCOMES[plain])
    if plain in _DISCOUNTS:
        return replace(chosen, discount=_DISCOUNTS[plain])
    return None


async def _valued(uow: UnitOfWork, chosen: Filter, key: str | None, value: str) -> Filter | None:
    change: Mapping[str, Any] = {}
    match key:
        case "since" | "until" if day := _day(value):
            change = {key: day, "days": None}
        case "month" if day := _day(f"{value}-01"):
            change = month_of(day.year * 12 + day.month - 1)
        case "course" if value and (ids := await uow.streams.courses_called(value)):
            change = {"course": ids[0]}
        case "stream" if codes := await uow.streams.called(value):
            change = {"stream": codes[0]}
        case "code" if value:
            change = {"code": value[:64]}
    return replace(chosen, **change) if change else None


def _day(text: str) -> date | None:
    """Read 2025-09-01, or 01.09.2025 as it is written in Russian."""
    day, dot, rest = text.partition(".")
    month, _, year = rest.partition(".")
    try:
        return date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}" if dot else text)
    except ValueError:
        return None
