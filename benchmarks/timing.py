"""How long something takes, in two places by turns, so that a busy moment hits both."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final, TypeAlias

from benchmarks.processes import on_one_core

WARM_UP: Final = 10
"""Rounds; PostgreSQL settles on a statement's plan in the sixth."""
Operation: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a round, at the median, the twentieth worst and the hundredth worst."""

    p50: float
    p95: float
    p99: float
    seconds: Sequence[float]
    """Of each round."""

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """Return what was measured; no percentile is worse than the worst."""
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000, seconds)

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.p99:.2f}"

    def over(self, other: "Times") -> float:
        """Return how many times the other's this is."""
        return ratio(self.seconds, other.seconds)


def ratio(mine: Iterable[float], theirs: Iterable[float]) -> float:
    """Return how many times theirs mine is, round by round, at the median.

    What happens to be busy for some rounds is in both halves of each ratio.
    """
    return median(one / other for one, other in zip(mine, theirs, strict=True))


async def by_turns(
    operations: Mapping[str, Operation],
    rounds: int,
    *,
    warm_up: int = WARM_UP,
    pause: float = 0.0,
) -> Mapping[str, Times]:
    """Run each operation once a round.

    Args:
        operations: By name.
        rounds: Those that count.
        warm_up: Those that come first and do not.
        pause: Seconds before each operation, for what the one before leaves to be done.
    """
    seconds = defaultdict[str, list[float]](list)
    with on_one_core():
        for n in range(-warm_up, rounds):
            for name, operation in operations.items():
                await asyncio.sleep(pause)
                began = time.perf_counter()
                await operation()
                if n >= 0:
                    seconds[name].append(time.perf_counter() - began)
    return {name: Times.of(each) for name, each in seconds.items()}
