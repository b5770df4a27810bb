"""Which column is which field."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.views.adding.imports import Words
from db.models.adding.imports import Field

_SPACES: Final = re.compile(r"[\s_\-./]+")
_NUMBER: Final = re.compile(r"\s*\d+\s*")


def plain(name: str) -> str:
    """Return the name of a column as it is looked for."""
    return _SPACES.sub(" ", name).strip().casefold()


def is_header(row: Sequence[str], words: Words) -> bool:
    """Whether the first row names the columns rather than being the first booking."""
    if any(plain(cell) in words.columns for cell in row):
        return True
    return not any(_NUMBER.fullmatch(cell) for cell in row)


def guess(header: Sequence[str], words: Words) -> Mapping[Field, int]:
    """Return the columns whose names say what they are; of several, the surest."""
    found: dict[Field, int] = {}
    ranks: dict[Field, int] = {}
    for number, name in enumerate(header):
        known, rank = words.columns.get(plain(name), (None, 0))
        if known is not None and rank < ranks.get(Field(known), rank + 1):
            found[Field(known)] = number
            ranks[Field(known)] = rank
    return found


def guess_by_contents(row: Sequence[str]) -> Mapping[Field, int]:
    """Return what the first booking tells of columns without names: the person."""
    found: dict[Field, int] = {}
    for number, cell in enumerate(row):
        if _NUMBER.fullmatch(cell):
            found.setdefault(Field.PERSON, number)
        if cell.strip().startswith("@"):
            found.setdefault(Field.USERNAME, number)
    return found
