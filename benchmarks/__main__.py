"""Measure the desk: `python -m benchmarks [--quick]`; the exit code is 1 if a goal is missed."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from benchmarks import delivery, evening, growth, pipeline, queue, start, writes
from benchmarks.growth.tabs import measure_tabs
from benchmarks.pipeline.field import Mode
from benchmarks.schools import adopting
from benchmarks.schools.school import opened
from benchmarks.support.reports import Section, report
from tests.support.programs.processes import quietly

_HERE: Final = Path(__file__).parent
_FEW: Final = 10_000
_MILLION: Final = 1_000_000


async def main(*, quick: bool) -> int:
    measured = _quickly() if quick else _thoroughly()
    return await report(measured, "make bench", None if quick else _HERE)


async def _thoroughly() -> AsyncIterator[Section]:
    yield await queue.measure(history=2 * _MILLION, rounds=500)
    async with opened([_FEW, _MILLION, 5 * _MILLION]) as schools:
        yield await growth.measure(schools, rounds=60, updates=50)
        yield await measure_tabs(schools[-1], rounds=60)
    yield await writes.measure(size=_MILLION // 5)
    yield await adopting.measure(size=_MILLION)
    yield await start.measure(rounds=5)
    yield await pipeline.measure(rounds=25, modes=list(Mode))
    yield await delivery.measure(presses=200, bulk=1000, unlimited=5000)
    yield await evening.measure(bulk=500, decisions=20, rows=10_000)


async def _quickly() -> AsyncIterator[Section]:
    yield await queue.measure(history=_MILLION // 5, rounds=100)
    async with opened([_FEW, _MILLION // 10]) as schools:
        yield await growth.measure(schools, rounds=20, updates=5)
        yield await measure_tabs(schools[-1], rounds=20)
    yield await writes.measure(size=_MILLION // 50)
    yield await adopting.measure(size=_MILLION // 10)
    yield await start.measure(rounds=1)
    yield await pipeline.measure(rounds=3, modes=[Mode.POLLING])
    yield await delivery.measure(presses=30, bulk=150, unlimited=500)
    yield await evening.measure(bulk=100, decisions=3, rows=1000)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="two schools instead of three, of a tenth of the rows, polling alone, and no page",
    )
    return parser.parse_args()


if __name__ == "__main__":
    quietly()
    sys.exit(asyncio.run(main(quick=_arguments().quick)))
