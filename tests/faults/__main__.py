"""Run the scenarios: `python -m tests.faults [--short] [--only NAME]`."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from tests.faults import (
    arrivals,
    corrections,
    crowds,
    floods,
    imports,
    kills,
    refusals,
    restarts,
    tellings,
)
from tests.faults.database import failovers, marks, outages, silences
from tests.faults.verdicts import Found, Promise
from tests.support.programs.processes import quietly
from tests.support.programs.reports import Table, write_page
from tests.support.stage.pair import Pair
from tests.support.stage.server import Server
from tests.support.stage.world import World

Play: TypeAlias = Callable[[World], Awaitable[Promise]]

#: The scenarios of a group run at the same time, each in its own world on one PostgreSQL.
_GROUPS: Final[Sequence[Sequence[Play]]] = (
    (
        kills.killed_before_the_commit,
        kills.killed_after_the_commit,
        kills.killed_after_the_claim,
        kills.killed_after_the_request_left,
        kills.killed_after_a_cut,
        kills.killed_after_the_answer,
        kills.killed_after_the_mark,
        kills.killed_at_random,
    ),
    (kills.stopped_at_work, refusals.nothing_but_500s),
    (
        kills.killed_while_cards_are_drawn_again,
        tellings.killed_between_a_cancellation_and_its_news,
        tellings.killed_after_the_news_of_a_cancellation_left,
    ),
    (outages.every_connection_terminated, outages.listening_lost),
    (outages.postgres_stopped_and_started,),
    (outages.embedded_postgres_killed,),
    (restarts.restarted_while_polling, restarts.restarted_in_turn_behind_a_proxy),
    (restarts.restarted_with_a_socket_that_stays,),
    (refusals.storm_of_429s, refusals.connections_cut),
    (corrections.a_recipient_corrected_at_every_moment, refusals.pauses_of_one_method_or_chat),
    (marks.every_sqlstate_refusing_a_mark, marks.read_only_for_a_while),
    (silences.connections_gone_silent, silences.the_host_of_the_polling_replica_lost),
    (silences.postgres_frozen_under_a_webhook,),
    (crowds.two_replicas_racing,),
    (crowds.clock_off_by_an_hour,),
    (crowds.students_out_of_reach, crowds.welcomes_overtaking_a_bulk),
    (crowds.welcomes_overtaking_a_dashboard,),
    (imports.killed_in_an_import, arrivals.killed_while_bookings_come),
    (floods.strangers_after_a_downtime,),
    (floods.strangers_at_once_by_webhook,),
)
#: Each of these has two servers of its own, one of which it loses.
_FAILOVERS: Final[Sequence[Play]] = (failovers.primary_lost,)
_RESULTS: Final = Path(__file__).with_name("results.md")
_COLUMNS: Final = (
    "scenario",
    "messages",
    "lost",
    "twice",
    "unknown",
    "worst delay, s",
    "left in 1 s",
    "arrived in 1 s",
    "verdict",
)


@dataclass(frozen=True, slots=True)
class Ended:
    """The result of a scenario."""

    play: Play
    found: Found | None
    misses: Sequence[str]
    figures: Sequence[str] = ()
    skipped: str = ""

    @property
    def row(self) -> Sequence[str]:
        verdict = "; ".join(self.misses) or self.skipped or ", ".join(["kept", *self.figures])
        if self.found is None:
            return (_name(self.play), *"-------", verdict)
        found = self.found
        counts = (found.messages, found.lost, found.twice, found.unknown)
        figures = (*map(str, counts), f"{found.delay:.1f}", str(found.left), str(found.reached))
        return (_name(self.play), *figures, verdict)


async def main(arguments: argparse.Namespace) -> int:
    ended: list[Ended] = []
    with TemporaryDirectory(prefix="faults-") as directory:
        async with Server.running(Path(directory)) as server:
            for group in _GROUPS:
                wanted = [play for play in group if arguments.only in _name(play)]
                playing = (_played(play, server, short=arguments.short) for play in wanted)
                for end in await asyncio.gather(*playing):
                    sys.stderr.write(f"{_name(end.play)}: {end.row[-1]}\n")
                    ended.append(end)
    for play in _FAILOVERS:
        if arguments.only in _name(play):
            with TemporaryDirectory(prefix="faults-") as directory:
                async with Pair.running(Path(directory)) as pair:
                    ended.append(await _played(play, pair, short=arguments.short))
                    sys.stderr.write(f"{_name(play)}: {ended[-1].row[-1]}\n")
    misses = [f"{_name(end.play)}: {miss}" for end in ended for miss in end.misses]
    table = Table(_COLUMNS, [end.row for end in ended])
    sys.stdout.write(f"{table}\n")
    if not (arguments.short or arguments.only):
        write_page(_RESULTS, "make faults", [f"## What breaks, and what arrives\n\n{table}"])
    return 1 if misses or not ended else 0


async def _played(play: Play, server: Server, *, short: bool) -> Ended:
    async with World.made(server, short=short) as world:
        try:
            promise = await play(world)
            await world.settled()
        except crowds.NotHere as reason:
            return Ended(play, None, [], skipped=f"skipped: {reason}")
        except TimeoutError as error:
            promise = Promise()
            world.complaints.append(f"it never ended: {error}")
        found = await Found.after(world)
        failed = sum(replica.failed for replica in world.replicas)
        world.expect(failed == 0, otherwise=f"{failed} replicas ended by themselves")
        misses = [*world.complaints, *found.misses(promise)]
        if misses:
            sys.stderr.write(f"{world.warnings()}\n")
        return Ended(play, found, misses, world.figures)


def _name(play: Play) -> str:
    return play.__name__.replace("_", " ")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="less of everything: six minutes")
    parser.add_argument("--only", default="", metavar="NAME", help="a part of a scenario's name")
    return parser.parse_args()


if __name__ == "__main__":
    quietly()
    sys.exit(asyncio.run(main(_arguments())))
