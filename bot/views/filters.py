"""The panel of a filter, and its options."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A page of all options of one field; with DAYS come the newest months."""

    key: SavedQuery
    filter: Filter
    field: FilterField
    options: Sequence[Option]
    previous: int | None
    """The offset of the page before this one."""
    next: int | None
    """The offset of the page behind this one."""
