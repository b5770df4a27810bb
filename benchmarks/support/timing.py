"""The times of operations that run by turns, so that a busy moment affects all of them."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final, TypeAlias

from benchmarks.support.processes import on_one_core

WARM_UP: Final = 10
"""Rounds; PostgreSQL decides on a statement's plan in the sixth."""
Operation: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a round, at three percentiles."""

    p50: float
    p95: float
    p99: float
    seconds: Sequence[float]
    """The seconds of each round."""

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """Return the times; no percentile is higher than the highest value."""
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000, seconds)

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.p99:.2f}"

    def over(self, other: "Times") -> float:
        """Return the ratio of these times to the other's."""
        return ratio(self.seconds, other.seconds)


def ratio(mine: Iterable[float], theirs: Iterable[float]) -> float:
    """Return the median of the ratios of mine to theirs, round by round.

    A busy moment of the machine affects both sides of a ratio.
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
        rounds: The number of rounds that count.
        warm_up: The number of rounds before them, which do not count.
        pause: Seconds before each operation, in which the last operation's program finishes.
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
    return {name: Times.of(rounds_) for name, rounds_ in seconds.items()}
