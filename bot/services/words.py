"""`/bookings pending stream:7 since:2025-09-01`: filters in words, of both languages at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bot.errors import WordsUnclear
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import Actor, BookingStatus, Filter, WelcomeState

_MOST: Final = 200
"""Characters of a word that is named in the answer, all of them together."""
_LONGEST_NUMBER: Final = 9

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
_KEYS: Final[Mapping[str, str]] = {
    "stream": "stream",
    "поток": "stream",
    "course": "course",
    "курс": "course",
    "since": "since",
    "с": "since",
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
    return None


async def _valued(uow: UnitOfWork, chosen: Filter, key: str | None, value: str) -> Filter | None:
    match key:
        case "since" if day := _day(value):
            return replace(chosen, since=day, days=None)
        case "until" if day := _day(value):
            return replace(chosen, until=day, days=None)
        case "course" if value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER:
            return replace(chosen, course=int(value))
        case "stream" if codes := await uow.streams.called(value):
            return replace(chosen, stream=codes[0])
        case "code" if value:
            return replace(chosen, code=value[:64])
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
