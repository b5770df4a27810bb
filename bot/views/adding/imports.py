"""Imports, as admins see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from db.models.adding.imports import Import, Trouble


class ImportStep(StrEnum):
    """What an admin does with an import."""

    SHOW = "show"
    BEGIN = "begin"
    HALT = "halt"
    GO_ON = "go_on"
    KEEP = "keep"
    """Leave it as it is, half done."""
    UNDO = "undo"
    DROP = "drop"
    WELCOME = "welcome"
    """Welcome those who come as confirmed, or not."""
    TWINS = "twins"
    """Add duplicates as well, or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """An import, and some of the rows that it leaves out or keeps."""

    imported: Import
    troubles: Sequence[Trouble]
    offset: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of files, in every language."""

    columns: Mapping[str, tuple[str, int]]
    """The field that a column with this name is, and the name's rank: 0 is the surest."""
    statuses: Mapping[str, str]
    """The status that a word means."""
    months: Mapping[str, int]
    """The month whose name begins with these three letters."""
