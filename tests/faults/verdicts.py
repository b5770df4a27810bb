"""What has become of the messages, and whether that is what was promised."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from simulator import Call
from tests.support.stage.world import RATE, World, chat_of

TAKEN_OVER: Final = 16 + 5 + 10
"""Seconds: a lease, until somebody looks whose has ended, and a start if there was a kill."""
_TAKES: Final = 30
"""Messages a second that Telegram takes from a bot."""
_SECOND: Final = timedelta(seconds=1)
_BEAT: Final = timedelta(milliseconds=50)
_HEARING: Final = timedelta(milliseconds=200)
"""What it may take until the answer that begins a pause is read and written down."""
_DEPARTURES: Final = """
    SELECT departed_at AS at FROM booking_desk.outbox WHERE departed_at IS NOT NULL ORDER BY 1
"""
_ENDS: Final = """
    SELECT booking.user_id AS student, booking.id AS booking, change.at AS owed_at,
           welcome.state, welcome.maybe_twice, notice.telegram_message_ids[1] AS notice
      FROM bookings AS booking
      LEFT JOIN booking_desk.audit AS change ON change.booking_id = booking.id
                                            AND change.revision = booking.revision
      LEFT JOIN booking_desk.outbox AS welcome ON welcome.booking_id = booking.id
                                              AND welcome.revision = booking.revision
                                              AND welcome.kind = 'welcome'
      LEFT JOIN booking_desk.outbox AS notice ON notice.booking_id = booking.id
                                             AND notice.revision = booking.revision
                                             AND notice.kind = 'unreached'
     WHERE booking.confirmed = 2 AND booking.revision > 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What has to be true after a scenario, besides what is always promised.

    Always: nothing is lost, nothing is sent in a pause, no second has too many messages, and
    what is marked as sent has arrived.
    """

    twice: int = 0
    """Messages that may come again: those that were in flight when their replica was killed."""
    unknown: int = 0
    unreached: int = 0
    """Messages that cannot arrive; an admin is told of each."""
    delay: float = 10
    """Seconds from the confirmation to the student's chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was counted: in the chats by what people see there, the rest in the database."""

    messages: int
    arrived: int
    lost: int
    """Confirmed, not arrived, and no admin was told."""
    twice: int
    unmarked: int
    """Of those that came twice: how many the desk does not know of."""
    unknown: int
    misstated: int
    """Marked as sent and not arrived, or the other way round."""
    delay: float
    left: int
    """Most messages in any one second, as they left the desk, by PostgreSQL's clock."""
    reached: int
    """Most messages in any one second, as they reached Telegram: a busy machine bunches them."""
    crowded: int
    """How many more than Telegram takes reached it, but for what our own stalls explain."""
    paused: int
    """Messages that reached a chat in a pause that Telegram had asked for there."""

    @classmethod
    async def after(cls, world: World) -> "Found":
        arrivals = _arrivals(world.sendings)
        told = _ids(world.sendings, world.admin.id)
        ends = [_End(row, arrivals[row["student"]], told) for row in await world.sql.fetch(_ENDS)]
        left = await world.sql.fetch(_DEPARTURES)
        moments = [call.started for call in world.sendings]
        return cls(
            messages=len(ends),
            arrived=sum(end.times > 0 for end in ends),
            lost=sum(end.lost for end in ends),
            twice=sum(max(0, end.times - 1) for end in ends),
            unmarked=sum(end.times > 1 and not end.row["maybe_twice"] for end in ends),
            unknown=sum(end.row["state"] == "unknown" for end in ends),
            misstated=sum(end.misstated for end in ends),
            delay=max((end.delay for end in ends), default=0),
            left=max(_in_each_second([row["at"] for row in left]), default=0),
            reached=max(_in_each_second(moments), default=0),
            crowded=_crowded(moments, world.stalls),
            paused=_in_pauses(world.sendings, moments),
        )

    def misses(self, promise: Promise) -> Sequence[str]:
        """Return in words what of the promise is not kept."""
        unreached = self.messages - self.arrived
        checks = {
            "there was nothing to send": self.messages > 0,
            f"{self.lost} lost": self.lost == 0,
            f"{self.twice} twice, at most {promise.twice}": self.twice <= promise.twice,
            f"{self.unmarked} twice without a mark": self.unmarked == 0,
            f"{self.unknown} unknown, not {promise.unknown}": self.unknown == promise.unknown,
            f"{self.misstated} misstated": self.misstated == 0,
            f"{unreached} did not arrive, not {promise.unreached}": unreached == promise.unreached,
            f"{self.delay:.1f} s late, at most {promise.delay:.0f}": self.delay <= promise.delay,
            f"{self.left} left in a second, at most {RATE}": self.left <= RATE,
            f"{self.reached} arrived in a second, at most {_TAKES}": self.crowded == 0,
            f"{self.paused} sent in a pause": self.paused == 0,
        }
        return [words for words, kept in checks.items() if not kept]


class _End:
    """How one confirmed booking ended for its student."""

    def __init__(self, row: asyncpg.Record, arrived: Sequence[datetime], told: set[int]) -> None:
        self.row = row
        self.times = len(arrived)
        self.lost = not arrived and row["notice"] not in told
        self.misstated = row["state"] != "unknown" and (row["state"] == "sent") != bool(arrived)
        self.delay = (arrived[0] - row["owed_at"]).total_seconds() if arrived else 0.0


def _arrivals(sendings: Sequence[Call]) -> Mapping[int, Sequence[datetime]]:
    """Return when each chat got its messages, those included of which no bot was told."""
    arrivals = defaultdict(list)
    for call in sendings:
        if call.finished and call.body and call.body["ok"]:
            arrivals[chat_of(call)].append(call.finished)
    return arrivals


def _ids(sendings: Sequence[Call], chat_id: int) -> set[int]:
    """Return the ids of the messages in a chat."""
    return {
        call.body["result"]["message_id"]
        for call in sendings
        if call.body and call.body["ok"] and chat_of(call) == chat_id
    }


def _in_each_second(moments: Sequence[datetime]) -> Sequence[int]:
    """Return how many there are in the second that begins with each."""
    return [bisect_left(moments, moment + _SECOND) - n for n, moment in enumerate(moments)]


def _crowded(moments: Sequence[datetime], stalls: Sequence[tuple[datetime, float]]) -> int:
    most = 0
    for begin, count in zip(moments, _in_each_second(moments), strict=True):
        held = sum(late for at, late in stalls if begin - _BEAT <= at < begin + _SECOND)
        most = max(most, count - _TAKES - int(_TAKES * held))
    return most


def _in_pauses(calls: Sequence[Call], moments: Sequence[datetime]) -> int:
    met = set[int]()
    for call in calls:
        if call.status == 429 and call.body and call.finished:
            pause = timedelta(seconds=call.body["parameters"]["retry_after"])
            begun = bisect_left(moments, call.finished + _HEARING)
            during = range(begun, bisect_left(moments, call.finished + pause))
            met.update(n for n in during if chat_of(calls[n]) == chat_of(call))
    return len(met)
