"""Typed filters, such as `/bookings pending stream:7`, in the words of all languages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice, product
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.errors import WordsAmbiguous, WordsContradict, WordsUnclear
from bot.services.access import Desk, Permission
from bot.services.lists.choices import month_of
from bot.services.lists.filtered import names_of
from bot.services.lists.pages import ListService
from bot.views.lists import FilteredList, Meaning, SavedQuery
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from db.models.filters import Filter, WelcomeState

_LONGEST_QUOTE: Final = 200
"""Characters of words that an error quotes, all of them together."""

_WORD: Final = re.compile(r'[^\s:"]+:"[^"]*"|\S+')
"""A value with spaces stands in quotes."""
_MOST_MEANINGS: Final = 8
_OFFERED: Final = 3
_SHORTEST_OFFERED: Final = 3
"""Letters of a text that may be the name of a stream."""
_DAYS: Final[Mapping[str, int]] = {"today": 1, "week": 7, "month": 30}

Vocabulary: TypeAlias = Mapping[str, Mapping[str, str]]
"""The meaning of lower-case words, by their kind: "status", "key" …"""
_Meaning: TypeAlias = Mapping[str, Any]
"""The fields of a filter that a word sets."""


class QueryTextService:
    """Typed filters, for admins.

    Raises:
        NotAllowed: if `by` may not read.
    """

    def __init__(
        self, desk: Desk, lists: ListService, vocabulary: Vocabulary, *, timezone: ZoneInfo
    ) -> None:
        """Read days in the school's `timezone`."""
        self._desk = desk
        self._lists = lists
        self._vocabulary = vocabulary
        self._zone = timezone.key

    async def list(self, text: str, *, by: Actor, now: datetime) -> FilteredList:
        """Return the first page of the bookings that fit all words, in any order.

        Raises:
            WordsUnclear: some words mean nothing; the error quotes them.
            WordsAmbiguous: some words mean several streams or courses; the error has the lists.
            WordsContradict: two words exclude each other; the error quotes them.
            PeriodBackwards: the period ends before it begins.
        """
        filters = await self._filters(text, by)
        if len(filters) > 1:
            ambiguous = " ".join(_WORD.findall(text))[:_LONGEST_QUOTE]
            raise WordsAmbiguous(ambiguous, await self._meanings(filters, by))
        return await self._lists.open(filters[0], by=by, now=now)

    async def offers(self, text: str, *, by: Actor) -> Sequence[Meaning]:
        """Return the lists of the courses and streams whose names a searched text may be."""
        async with self._desk.snapshot(by) as uow:
            name = text.strip()
            if len(name) < _SHORTEST_OFFERED or name.isdecimal():
                return []
            filters = [
                *(Filter(stream=code) for code in await uow.streams.called(name)),
                *(Filter(course=each) for each in await uow.streams.courses_called(name)),
            ]
        return await self._meanings(filters[:_OFFERED], by)

    def reads(self, text: str) -> bool:
        """Whether each word is one of a filter; the values behind a key may still be unclear."""
        words = _WORD.findall(text)
        return bool(words) and all(map(self._is_known, words))

    def _is_known(self, word: str) -> bool:
        key, colon, value = word.partition(":")
        if colon:
            return bool(value) and key.lower() in self._vocabulary["key"]
        return bool(_without_key(self._vocabulary, word.lower()))

    async def _filters(self, text: str, by: Actor) -> Sequence[Filter]:
        """Return what the words may mean together, the likeliest first; at least one."""
        async with self._desk.snapshot(by) as uow:
            meanings = [(word, await self._read(uow, word)) for word in _WORD.findall(text)]
        unclear = [word for word, meant in meanings if not meant]
        if unclear:
            raise WordsUnclear(" ".join(unclear)[:_LONGEST_QUOTE])
        together = product(*([(word, each) for each in meant] for word, meant in meanings))
        return [_combined(each) for each in islice(together, _MOST_MEANINGS)]

    async def _meanings(self, filters: Sequence[Filter], by: Actor) -> Sequence[Meaning]:
        async with self._desk.transaction(by, Permission.READ) as uow:
            return [await _meaning(uow, replace(each, zone=self._zone)) for each in filters]

    async def _read(self, uow: UnitOfWork, word: str) -> Sequence[_Meaning]:
        """Return the fields that the word may set; none if it is unclear."""
        key, colon, value = word.partition(":")
        if colon:
            known = self._vocabulary["key"].get(key.lower())
            return await _with_key(uow, known, value.strip('"'))
        if meaning := _without_key(self._vocabulary, word.lower()):
            return [meaning]
        return await _stream_called(uow, word)


async def _meaning(uow: UnitOfWork, filter_: Filter) -> Meaning:
    """Save a filter that words may mean."""
    key = SavedQuery(await uow.saved_queries.keep(filter_))
    return Meaning(key=key, filter=filter_, names=await names_of(uow, filter_))


def _combined(meanings: Iterable[tuple[str, _Meaning]]) -> Filter:
    values: dict[str, Any] = {}
    words: dict[str, str] = {}
    half = _LONGEST_QUOTE // 2
    for word, meaning in meanings:
        for field, value in meaning.items():
            if values.setdefault(field, value) != value:
                raise WordsContradict(f"{words[field][:half]} {word[:half]}")
            words.setdefault(field, word)
    return Filter(**values)


def _without_key(vocabulary: Vocabulary, word: str) -> _Meaning:
    """Return the fields that a word without a key sets, and those that it excludes as None."""
    if status := vocabulary["status"].get(word):
        return {"status": BookingStatus(status)}
    if days := vocabulary["days"].get(word):
        return {"days": _DAYS[days], "since": None, "until": None}
    if welcome := vocabulary["welcome"].get(word):
        return {"welcome": WelcomeState(welcome)}
    if discount := vocabulary["discount"].get(word):
        return {"discount": discount == "with"}
    return {}


async def _stream_called(uow: UnitOfWork, word: str) -> Sequence[_Meaning]:
    """Return the streams that a word may mean."""
    codes = [] if word.isdecimal() else await uow.streams.called(word)
    return [{"stream": code} for code in codes]


async def _with_key(uow: UnitOfWork, key: str | None, value: str) -> Sequence[_Meaning]:
    match key:
        case "since" | "until" if day := _day(value):
            return [{key: day, "days": None}]
        case "month" if day := _day(f"{value}-01"):
            return [month_of(day.year * 12 + day.month - 1)]
        case "course" if value:
            return [{"course": each} for each in await uow.streams.courses_called(value)]
        case "stream":
            return [{"stream": code} for code in await uow.streams.called(value)]
        case "code" if value:
            return [{"code": value[:64]}]
    return []


def _day(text: str) -> date | None:
    """Read 2025-09-01, or the Russian 01.09.2025."""
    day, dot, rest = text.partition(".")
    month, _, year = rest.partition(".")
    try:
        return date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}" if dot else text)
    except ValueError:
        return None
