"""Peers beside the desk, by turns."""

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.reports import Section
from benchmarks.timing import Operation, Times, by_turns

WARM_UP: Final = 3
HEAD: Final = (" ", "ms, p50", "ms, p95", "ms, p99", "of the desk's")


async def compared(asked: Mapping[str, Operation], rounds: int) -> Mapping[str, Sequence[str]]:
    """Let everybody answer by turns, the desk first; return the cells of each."""
    times = await by_turns(asked, rounds, warm_up=WARM_UP)
    desk = next(iter(times.values()))
    return {name: _cells(each, desk) for name, each in times.items()}


def not_measured(title: str, library: str) -> Section:
    reason = f"Not measured: {library} is missing; `.venv/bin/uv sync --group peers` installs it."
    return Section(title, None, [], reason)


def _cells(times: Times, desk: Times) -> Sequence[str]:
    tails = (times.p50, times.p95, times.p99)
    return (*(f"{each:.1f}" for each in tails), f"{times.p50 / desk.p50:.1f}")
