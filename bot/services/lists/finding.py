"""The hits of a search: from a text to people and bookings."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from string import ascii_lowercase, digits
from typing import Final

from db.database import UnitOfWork
from db.models.search import Hits, Search, Targets

_PEOPLE: Final = 200
_WORDS: Final = 20
"""Spellings of one word that are looked up."""
_MOST_WORDS: Final = 4
_SHORTEST_PART: Final = 3
"""Letters of a referral code's part; shorter ones are in too many codes."""
_CODES: Final = 20
_LONGEST_ID: Final = 18
"""Digits that always fit a bigint."""

_SHORTEST_SLIPPED: Final = 3
"""Letters of a word; in shorter ones a slip leads to too many others."""
_NEAREST: Final = 8
_USERNAME_START: Final = 4
"""Letters that the nearest usernames share with the one in the text."""

_NUMBER: Final = re.compile(r"([#№]|booking|заявка|заявку)?\s?[#№]?([0-9]+)", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"[#№]?[0-9]+(?:[\s,;]+[#№]?[0-9]+)+")
_DIGITS: Final = re.compile(r"[0-9]+")
_PERSON: Final = re.compile(r"tg://user\?id=([0-9]+)", re.IGNORECASE)
_USERNAME: Final = re.compile(
    r"(?:@|(?:https?://)?(?:www\.)?(?:t|telegram)\.me/)([A-Za-z0-9_]{2,32})(?:[/?].*)?",
    re.IGNORECASE,
)
_BARE_USERNAME: Final = re.compile(r"[A-Za-z0-9_]{2,32}")

_Spell = Callable[[str], Awaitable[Sequence[str]]]


async def find(uow: UnitOfWork, search: Search, *, limit: int) -> tuple[Hits, bool]:
    """Return the hits of the search, and whether they are only the nearest ones.

    Exact hits come first; only without any come names with a slip of one letter, and without
    these the nearest names. A number is only taken exactly, and a username has no slips.
    """
    number = next(
        filter(None, (kind.fullmatch(search.text) for kind in (_NUMBER, _NUMBERS, _PERSON))), None
    )
    without_slips = number or _USERNAME.fullmatch(search.text)
    for read in (_exact,) if without_slips else (_exact, _slipped):
        hits = await uow.search.first(await read(uow, search), limit=limit)
        if hits.total or number:
            return hits, False
    return await uow.search.first(await _nearest(uow, search.text), limit=limit), True


async def _exact(uow: UnitOfWork, search: Search) -> Targets:
    text = search.text
    if search.person is not None:
        return Targets(people=[search.person])
    if number := _NUMBER.fullmatch(text):
        ids = _ids(number[2])
        return (
            Targets(bookings=ids) if number[1] else Targets(bookings=ids, people=ids, codes=[text])
        )
    if _NUMBERS.fullmatch(text):
        return Targets(bookings=[id_ for each in _DIGITS.findall(text) for id_ in _ids(each)])
    if person := _PERSON.fullmatch(text):
        return Targets(people=_ids(person[1]))
    if username := _USERNAME.fullmatch(text):
        return Targets(people=await uow.names.people_by_username(username[1], limit=_PEOPLE))
    people = await _with_name(uow, text, partial(uow.names.with_fragment, limit=_WORDS))
    if _BARE_USERNAME.fullmatch(text):
        people = [*people, *await uow.names.people_by_username_start(text, limit=_PEOPLE)]
        people = [*people, *await uow.names.people_by_username_part(text, limit=_PEOPLE)]
    return Targets(people=people, codes=[text, *await _codes(uow, text)])


async def _codes(uow: UnitOfWork, text: str) -> Sequence[str]:
    """Return the referral codes that contain the text."""
    if len(text) < _SHORTEST_PART or " " in text:
        return []
    return await uow.search.codes_with(text, limit=_CODES)


def _ids(number: str) -> Sequence[int]:
    return [int(number)] if len(number) <= _LONGEST_ID else []


async def _slipped(uow: UnitOfWork, search: Search) -> Targets:
    return Targets(people=await _with_name(uow, search.text, lambda word: _slips(uow, word)))


async def _slips(uow: UnitOfWork, word: str) -> Sequence[str]:
    slips = spellings_of(word) if len(word) >= _SHORTEST_SLIPPED else []
    return await uow.names.known([word, *slips])


async def _nearest(uow: UnitOfWork, text: str) -> Targets:
    if username := _USERNAME.fullmatch(text):
        text = username[1]
        start = text[:_USERNAME_START]
        if people := await uow.names.people_by_username_start(start, limit=_NEAREST):
            return Targets(people=people)
    words = await uow.names.words_of(text)
    near = [await uow.names.nearest(word, limit=_NEAREST) for word in words[:_MOST_WORDS]]
    flat = [word for group in near for word in group]
    return Targets(people=await uow.names.people([flat], limit=_NEAREST))


async def _with_name(uow: UnitOfWork, text: str, spell: _Spell) -> Sequence[int]:
    """Return the people whose names have a spelling of every word."""
    words = sorted(await uow.names.words_of(text), key=len, reverse=True)[:_MOST_WORDS]
    # The common spelling of "zzzz" is "z", which is a part of too many words.
    if len(text) >= _SHORTEST_SLIPPED and all(len(word) == 1 for word in words):
        return []
    spellings = [await spell(word) for word in words]
    if not spellings or not all(spellings):
        return []
    return await uow.names.people(spellings, limit=_PEOPLE)


def spellings_of(word: str) -> Sequence[str]:
    """Return every word one slip away: a letter dropped, swapped, replaced or added."""
    letters = sorted({*ascii_lowercase, *digits, *word})
    parts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    return list(
        dict.fromkeys(
            [
                *(head + tail[1:] for head, tail in parts if tail),
                *(head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1),
                *(head + letter + tail[1:] for head, tail in parts if tail for letter in letters),
                *(head + letter + tail for head, tail in parts for letter in letters),
            ]
        )
    )
