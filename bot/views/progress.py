"""How far a work has come that one admin has begun."""

from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Progress(Generic[V]):
    """The work as it is now."""

    view: V
    rows: int
    """Carried out just now; 0 if another worker has the rest at hand."""
