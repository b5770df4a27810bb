"""Compare the desk to other programs: `python -m benchmarks.rivals [--quick]`."""

import argparse
import asyncio
import sys
from pathlib import Path

from benchmarks import rivals
from benchmarks.schools.school import opened
from benchmarks.support.reports import report
from tests.support.programs.processes import quietly


async def main(*, quick: bool) -> int:
    bookings, rounds = (10_000, 6) if quick else (1_000_000, 20)
    async with opened([bookings]) as [school]:
        measured = rivals.measure(school, rounds=rounds)
        return await report(measured, "make rivals", None if quick else Path(__file__).parent)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a hundredth of the bookings, and no page"
    )
    return parser.parse_args()


if __name__ == "__main__":
    quietly()
    sys.exit(asyncio.run(main(quick=_arguments().quick)))
