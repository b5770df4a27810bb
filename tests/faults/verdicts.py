"""The results of a scenario, compared with what it promises."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from simulator import Call
from tests.support.stage.world import RATE, World, chat_of

TAKEN_OVER: Final = 16 + 5 + 10
"""Seconds: the lease, the interval of checks for ended leases, and a restart after a kill."""
_TELEGRAM_RATE: Final = 30
"""Messages a second that Telegram accepts from a bot."""
_SECOND: Final = timedelta(seconds=1)
_BEAT: Final = timedelta(milliseconds=50)
_HEARING: Final = timedelta(milliseconds=200)
"""The time until a worker has read the answer that begins a pause, and has written it."""
_DEPARTURES: Final = """
    SELECT departed_at AS at FROM booking_desk.outbox WHERE departed_at IS NOT NULL ORDER BY 1
"""
_ENDS: Final = """
    SELECT booking.user_id AS student, booking.id AS booking, change.at AS owed_at,
           welcome.state, welcome.maybe_twice,
           (SELECT lead.telegram_message_ids[1]
              FROM booking_desk.notices AS told
              JOIN booking_desk.outbox AS lead ON lead.id = told.lead_id
             WHERE told.notice_id = notice.id) AS notice
      FROM bookings AS booking
      LEFT JOIN booking_desk.log AS change ON change.booking_id = booking.id
                                            AND change.revision = booking.revision
      LEFT JOIN booking_desk.outbox AS welcome ON welcome.booking_id = booking.id
                                              AND welcome.chat_id = booking.user_id
                                              AND welcome.kind = CASE booking.confirmed
                                                  WHEN 2 THEN 'welcome' ELSE 'cancelled' END
      LEFT JOIN booking_desk.outbox AS notice ON notice.booking_id = booking.id
                                             AND notice.revision = booking.revision
                                             AND notice.kind = 'unreached'
     WHERE booking.confirmed IN (2, -1) AND booking.revision > 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The expected result of a scenario, in addition to what every scenario promises.

    Every scenario promises: no message is lost, none is sent in a pause, no second has too many,
    and every message marked as sent has arrived.
    """

    twice: int = 0
    """The most messages that may arrive twice: those under way when a replica was killed."""
    unknown: int = 0
    unreached: int = 0
    """Messages that cannot arrive; an admin is told of each."""
    delay: float = 10
    """Seconds from the decision to the student's chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The counted results: arrivals from the chats, the rest from the database."""

    messages: int
    arrived: int
    lost: int
    """Students whose welcome, or news of a cancellation, did not arrive and of whom no admin was
    told, and visitors without an answer."""
    twice: int
    unmarked: int
    """Messages that arrived twice without a mark in the outbox."""
    unknown: int
    misstated: int
    """Messages marked as sent that did not arrive, or arrived without the mark."""
    delay: float
    left: int
    """The most messages in a second as they left the desk, by PostgreSQL's clock."""
    reached: int
    """The most messages in a second as they reached Telegram; a busy machine bunches them."""
    crowded: int
    """The messages in a second above Telegram's limit that our own stalls do not explain."""
    paused: int
    """Messages that reached a chat during a pause that Telegram demanded there."""

    @classmethod
    async def after(cls, world: World) -> "Found":
        arrivals = _arrivals(world.sendings)
        notices = _ids(world.sendings, world.admin.id)
        ends = [
            _End(row, arrivals[row["student"]], notices) for row in await world.sql.fetch(_ENDS)
        ]
        left = await world.sql.fetch(_DEPARTURES)
        moments = [call.started for call in world.sendings]
        answers = [arrivals.get(visitor, []) for visitor in world.visits]
        return cls(
            messages=len(ends) + len(answers),
            arrived=sum(end.times > 0 for end in ends) + sum(map(bool, answers)),
            lost=sum(end.lost for end in ends) + sum(not times for times in answers),
            twice=sum(max(0, end.times - 1) for end in ends)
            + sum(max(0, len(times) - 1) for times in answers),
            unmarked=sum(end.times > 1 and not end.row["maybe_twice"] for end in ends),
            unknown=sum(end.row["state"] == "unknown" for end in ends),
            misstated=sum(end.misstated for end in ends),
            delay=max([*(end.delay for end in ends), *_delays(world.visits, arrivals)], default=0),
            left=max(_in_each_second([row["at"] for row in left]), default=0),
            reached=max(_in_each_second(moments), default=0),
            crowded=_crowded(moments, world.stalls),
            paused=_in_pauses(world.sendings, moments),
        )

    def misses(self, promise: Promise) -> Sequence[str]:
        """Describe each part of the promise that is not kept."""
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
            f"{self.reached} arrived in a second, at most {_TELEGRAM_RATE}": self.crowded == 0,
            f"{self.paused} sent in a pause": self.paused == 0,
        }
        return [miss for miss, kept in checks.items() if not kept]


class _End:
    """The result of one confirmed or cancelled booking for its student."""

    def __init__(
        self, row: asyncpg.Record, arrived: Sequence[datetime], notices: set[int]
    ) -> None:
        self.row = row
        self.times = len(arrived)
        self.lost = not arrived and row["notice"] not in notices
        self.misstated = row["state"] != "unknown" and (row["state"] == "sent") != bool(arrived)
        self.delay = (arrived[0] - row["owed_at"]).total_seconds() if arrived else 0.0


def _delays(
    visits: Mapping[int, datetime], arrivals: Mapping[int, Sequence[datetime]]
) -> Iterator[float]:
    """Yield the seconds that each answered visitor has waited."""
    for visitor, at in visits.items():
        if times := arrivals.get(visitor):
            yield (times[0] - at).total_seconds()


def _arrivals(sendings: Sequence[Call]) -> Mapping[int, Sequence[datetime]]:
    """Return when messages arrived in each chat, also those whose answer was lost."""
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
    """Return, for each moment, the number of moments in the second that begins with it."""
    return [bisect_left(moments, moment + _SECOND) - n for n, moment in enumerate(moments)]


def _crowded(moments: Sequence[datetime], stalls: Sequence[tuple[datetime, float]]) -> int:
    most = 0
    for begin, count in zip(moments, _in_each_second(moments), strict=True):
        held = sum(late for at, late in stalls if begin - _BEAT <= at < begin + _SECOND)
        most = max(most, count - _TELEGRAM_RATE - int(_TELEGRAM_RATE * held))
    return most


def _in_pauses(sendings: Sequence[Call], moments: Sequence[datetime]) -> int:
    in_pauses = set[int]()
    for call in sendings:
        if call.status == 429 and call.body and call.finished:
            pause = timedelta(seconds=call.body["parameters"]["retry_after"])
            begun = bisect_left(moments, call.finished + _HEARING)
            during = range(begun, bisect_left(moments, call.finished + pause))
            in_pauses.update(n for n in during if chat_of(sendings[n]) == chat_of(call))
    return len(in_pauses)
