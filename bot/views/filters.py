"""What a filter could be narrowed to."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from bot.views.lists import SavedQuery
from db.models.filters import Filter, FilterField


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of the panel."""

    field: FilterField
    value: int
    """As a button writes it; see `bot.services.lists.choices`."""
    label: str | None
    """A name of the school's; None where the words are the desk's own."""
    chosen: bool
    count: int
    """Bookings it would leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A filter being put together."""

    key: SavedQuery
    filter: Filter
    names: Mapping[FilterField, str]
    """What the school calls the chosen course and stream, where it has a name for them."""
    count: int
    options: Mapping[FilterField, Sequence[Option]]
    more: Set[FilterField]
    """There are more options than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A part of all the options of one field."""

    key: SavedQuery
    field: FilterField
    options: Sequence[Option]
    previous: int | None
    """Where the part before this one begins."""
    next: int | None
