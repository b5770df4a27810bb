"""Measure the desk: `python -m benchmarks [--quick]`; a miss ends it with 1."""

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import structlog

from benchmarks import delivery, growth, peers, pipeline, queue, start, writes
from benchmarks.pipeline.field import Mode
from benchmarks.reports import Section
from benchmarks.schools.school import opened
from tests.support.reports import write_page

_RESULTS: Final = Path(__file__).with_name("results.md")
_FEW: Final = 10_000
_MILLION: Final = 1_000_000


async def main(arguments: argparse.Namespace) -> int:
    sections = []
    async for section in _measured(quick=arguments.quick):
        sections.append(section)
        sys.stdout.write(f"{section}\n\n")
        sys.stdout.flush()
    if not arguments.quick:
        write_page(_RESULTS, "make bench", [str(section) for section in sections])
    misses = [miss for section in sections for miss in section.misses]
    for miss in misses:
        sys.stderr.write(f"missed: {miss}\n")
    return 1 if misses else 0


async def _measured(*, quick: bool) -> AsyncIterator[Section]:
    """Measure one thing after the other."""
    million = _MILLION // 10 if quick else _MILLION
    yield await queue.measure(history=2 * million, rounds=100 if quick else 500)
    sizes = [_FEW, million] if quick else [_FEW, million, 5 * million]
    async with opened(sizes) as schools:
        rounds, updates = (20, 5) if quick else (60, 50)
        async for section in growth.measure(schools, rounds=rounds, updates=updates):
            yield section
        shared, rounds = (schools[0], 6) if quick else (schools[1], 20)
        async for section in peers.measure(shared, rounds=rounds):
            yield section
    yield await writes.measure(size=million // 5)
    yield await start.measure(rounds=1 if quick else 5)
    if quick:
        yield await pipeline.measure(rounds=3, modes=[Mode.POLLING])
        yield await delivery.measure(presses=30, bulk=150, unlimited=500)
    else:
        yield await pipeline.measure(rounds=25, modes=list(Mode))
        yield await delivery.measure(presses=200, bulk=1000, unlimited=5000)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick",
        action="store_true",
        help="two schools instead of three, of a tenth of the rows, polling alone, and no page",
    )
    return parser.parse_args()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sys.exit(asyncio.run(main(_arguments())))
