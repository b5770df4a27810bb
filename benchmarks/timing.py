"""How long something takes, in two places by turns, so that a busy moment hits both."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
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

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """Return what was measured; no percentile is worse than the worst."""
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(p50=cuts[49] * 1000, p95=cuts[94] * 1000, p99=cuts[98] * 1000)


async def by_turns(
    operations: Mapping[str, Operation], rounds: int, *, warm_up: int = WARM_UP
) -> Mapping[str, Times]:
    """Run each operation once a round; the rounds of `warm_up` come first and are not counted."""
    seconds = defaultdict[str, list[float]](list)
    with on_one_core():
        for n in range(-warm_up, rounds):
            for name, operation in operations.items():
                began = time.perf_counter()
                await operation()
                if n >= 0:
                    seconds[name].append(time.perf_counter() - began)
    return {name: Times.of(each) for name, each in seconds.items()}
