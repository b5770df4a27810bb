"""Measure the desk: `python -m benchmarks [--quick | --full]`; a miss ends it with 1."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Final

import structlog

from benchmarks import growth, queue, reports, writes

_RESULTS: Final = Path(__file__).with_name("results.md")
_MILLION: Final = 1_000_000


async def main(arguments: argparse.Namespace) -> int:
    history, sizes, rounds = 2 * _MILLION, [_MILLION], 500
    if arguments.quick:
        history, sizes, rounds = _MILLION // 5, [_MILLION // 5], 200
    if arguments.full:
        sizes = [_MILLION, 5 * _MILLION]
    sections = [
        await queue.measure(history=history, rounds=rounds),
        *await growth.measure(sizes=sizes, rounds=rounds // 5),
        await writes.measure(size=_MILLION // 5),
    ]
    for section in sections:
        sys.stdout.write(f"{section}\n\n")
    if not arguments.quick:
        command = "make bench ARGS=--full" if arguments.full else "make bench"
        reports.write(_RESULTS, command, sections)
    misses = [miss for section in sections for miss in section.misses]
    for miss in misses:
        sys.stderr.write(f"missed: {miss}\n")
    return 1 if misses else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a fifth of the rows, and no page")
    size.add_argument("--full", action="store_true", help="the lists also with 5 million bookings")
    return parser.parse_args()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sys.exit(asyncio.run(main(_arguments())))
