"""The panel of a filter, and its options."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from bot.views.lists import SavedQuery
from db.models.filters import Filter, FilterField


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of the panel."""

    field: FilterField
    value: int
    """The number in the button; see `bot.services.lists.choices`."""
    label: str | None
    """The school's name for it; None if the desk has its own words."""
    chosen: bool
    count: int
    """The bookings that fit with this option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A filter that is being edited."""

    key: SavedQuery
    filter: Filter
    names: Mapping[FilterField, str]
    """The school's names of the chosen course and stream, as far as it has them."""
    count: int
    options: Mapping[FilterField, Sequence[Option]]
    more: Set[FilterField]
    """The fields that have more options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A page of all options of one field."""

    key: SavedQuery
    field: FilterField
    options: Sequence[Option]
    previous: int | None
    """The offset of the page before this one."""
    next: int | None
    """The offset of the page behind this one."""
