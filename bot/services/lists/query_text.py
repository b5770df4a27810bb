"""`/bookings pending stream:7 since:2025-09-01`: filters in words, of both languages at once."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from bot.errors import WordsContradict, WordsUnclear
from bot.services.access import Desk
from bot.services.lists.choices import month_of
from bot.services.lists.pages import ListService
from bot.views.lists import FilteredList
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from db.models.filters import Filter, WelcomeState

_MOST: Final = 200
"""Characters of words that are named in the answer, all of them together."""

_DAYS: Final[Mapping[str, int]] = {"today": 1, "week": 7, "month": 30}

Vocabulary: TypeAlias = Mapping[str, Mapping[str, str]]
"""Words in small letters and what each means, by what they are for: a status, a key …"""
_Meaning: TypeAlias = Mapping[str, Any]
"""Fields of a filter."""


class QueryTextService:
    """Filters as admins write them; raises NotAllowed for others."""

    def __init__(self, desk: Desk, lists: ListService, vocabulary: Vocabulary) -> None:
        self._desk = desk
        self._lists = lists
        self._vocabulary = vocabulary

    async def list(self, text: str, *, by: Actor, now: datetime) -> FilteredList:
        """Return the first page of what the words mean, in whatever order they stand.

        Raises:
            WordsUnclear: some of them mean nothing; it names them.
            WordsContradict: two of them say different things of the same; it names them.
            PeriodBackwards: the period ends before it begins.
        """
        return await self._lists.open(await self._filter(text, by), by=by, now=now)

    async def _filter(self, text: str, by: Actor) -> Filter:
        async with self._desk.snapshot(by) as uow:
            meant = [(word, await self._meaning(uow, word)) for word in text.split()]
        unclear = [word for word, meaning in meant if not meaning]
        if unclear:
            raise WordsUnclear(" ".join(unclear)[:_MOST])
        return _together(meant)

    async def _meaning(self, uow: UnitOfWork, word: str) -> _Meaning:
        """Return what the word chooses; nothing if it is unclear."""
        key, colon, value = word.partition(":")
        if colon:
            return await _valued(uow, self._vocabulary["key"].get(key.lower()), value)
        return _plain(self._vocabulary, word.lower())


def _together(meant: Iterable[tuple[str, _Meaning]]) -> Filter:
    chosen: dict[str, Any] = {}
    said: dict[str, str] = {}
    for word, meaning in meant:
        for field, value in meaning.items():
            if chosen.setdefault(field, value) != value:
                raise WordsContradict(f"{said[field][: _MOST // 2]} {word[: _MOST // 2]}")
            said.setdefault(field, word)
    return Filter(**chosen)


def _plain(vocabulary: Vocabulary, word: str) -> _Meaning:
    """Return what a word that stands alone chooses, and what it leaves no room for."""
    if status := vocabulary["status"].get(word):
        return {"status": BookingStatus(status)}
    if days := vocabulary["days"].get(word):
        return {"days": _DAYS[days], "since": None, "until": None}
    if welcome := vocabulary["welcome"].get(word):
        return {"welcome": WelcomeState(welcome)}
    if discount := vocabulary["discount"].get(word):
        return {"discount": discount == "with"}
    return {}


async def _valued(uow: UnitOfWork, key: str | None, value: str) -> _Meaning:
    match key:
        case "since" | "until" if day := _day(value):
            return {key: day, "days": None}
        case "month" if day := _day(f"{value}-01"):
            return month_of(day.year * 12 + day.month - 1)
        case "course" if value and (ids := await uow.streams.courses_called(value)):
            return {"course": ids[0]}
        case "stream" if codes := await uow.streams.called(value):
            return {"stream": codes[0]}
        case "code" if value:
            return {"code": value[:64]}
    return {}


def _day(text: str) -> date | None:
    """Read 2025-09-01, or 01.09.2025 as it is written in Russian."""
    day, dot, rest = text.partition(".")
    month, _, year = rest.partition(".")
    try:
        return date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}" if dot else text)
    except ValueError:
        return None
