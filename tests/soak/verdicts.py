"""The results of the soak, compared with its goals."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Final

from tests.support.stage.world import World, chat_of

_GROWTH: Final = 0.05
_WELCOME: Final = "🎉"
#: Queries that count the rows that break a rule, by a name for these rows.
_RULES: Final[Mapping[str, str]] = {
    "changes without exactly one audit entry": """
        SELECT count(*) FROM bookings AS booking
         WHERE (SELECT array_agg(revision ORDER BY revision) FROM booking_desk.log
                 WHERE booking_id = booking.id AND action NOT IN ('add', 'remind'))
               IS DISTINCT FROM
               (SELECT array_agg(n) FROM generate_series(2, booking.revision) AS n)
    """,
    "confirmations without exactly one welcome": """
        SELECT count(*)
          FROM (SELECT booking_id, revision FROM booking_desk.log
                 WHERE action = 'confirm' OR action = 'add' AND confirmed_after = 2)
               AS confirmation
          FULL JOIN (SELECT booking_id, revision, count(*) AS n FROM booking_desk.outbox
                      WHERE kind = 'welcome' GROUP BY 1, 2)
               AS welcome USING (booking_id, revision)
         WHERE confirmation.booking_id IS NULL OR welcome.n IS DISTINCT FROM 1
    """,
    "confirmed students whose welcome is lost": """
        SELECT count(*) FROM bookings AS booking
         WHERE confirmed = 2 AND NOT EXISTS
               (SELECT FROM booking_desk.outbox
                 WHERE booking_id = booking.id AND kind = 'welcome'
                   AND (state IN ('sent', 'waiting')
                        OR reason IN ('told_by_hand', 'withdrawn_by_hand')))
    """,
    "rows of files whose booking is lost, is still there, or was not added once": """
        SELECT count(*)
          FROM booking_desk.import_rows AS row
          LEFT JOIN bookings AS booking ON booking.id = row.booking_id
         CROSS JOIN LATERAL (
               SELECT count(*) AS added FROM booking_desk.log
                WHERE booking_id = row.booking_id AND action = 'add') AS entries
         WHERE result IN ('added', 'kept', 'undone')
           AND (added <> 1 OR (result = 'undone') IS DISTINCT FROM (booking.id IS NULL))
    """,
    "files whose count is not that of their rows": """
        SELECT count(*) FROM booking_desk.imports
         WHERE added <> (SELECT count(*) FROM booking_desk.import_rows
                          WHERE import_id = imports.id AND result IN ('added', 'kept'))
    """,
    "counters that are not their count": """
        SELECT count(*)
          FROM (SELECT span, bucket, confirmed, sum(n) AS n FROM booking_desk.ledger
                 WHERE course_id IS NULL GROUP BY 1, 2, 3 HAVING sum(n) <> 0) AS counted
          FULL JOIN (SELECT span, bucket, confirmed, count(*) AS n
                       FROM bookings AS booking,
                            booking_desk.buckets(created_at, NULL)
                      GROUP BY 1, 2, 3) AS there
               USING (span, bucket, confirmed)
         WHERE counted.n IS DISTINCT FROM there.n
    """,
    "cards and notices that are not drawn again": """
        SELECT count(*) FROM booking_desk.copies WHERE due_at < now() - interval '5 seconds'
    """,
    "messages that failed, never left, or may have arrived": """
        SELECT count(*) FROM booking_desk.outbox
         WHERE state IN ('queued', 'sending', 'unknown', 'failed')
    """,
}
_MARKED: Final = """
    SELECT user_id, count(welcome.id) AS n
      FROM bookings
      LEFT JOIN booking_desk.outbox AS welcome ON welcome.booking_id = bookings.id
                                              AND kind = 'welcome' AND state = 'sent'
     GROUP BY user_id
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A measured value and its goal."""

    what: str
    found: str
    goal: str
    kept: bool

    @classmethod
    def none_of(cls, what: str, number: int) -> "Verdict":
        return cls(what, f"{number:,}", "0", number == 0)

    @classmethod
    def some_of(cls, what: str, number: int) -> "Verdict":
        """Require at least one: a soak in which nothing happened proves nothing."""
        return cls(what, f"{number:,}", "> 0", number > 0)


#: What has to have happened: a soak without it proves nothing of it.
_HAPPENED: Final[Mapping[str, str]] = {
    "bulks that were begun": "SELECT count(*) FROM booking_desk.bulks WHERE state <> 'rehearsed'",
    "bookings that were added by hand": """
        SELECT count(*) FROM booking_desk.log AS entry
         WHERE action = 'add' AND NOT EXISTS
               (SELECT FROM booking_desk.import_rows WHERE booking_id = entry.booking_id)
    """,
    "files that were added": """
        SELECT count(*) FROM booking_desk.imports
         WHERE state IN ('running', 'stopped', 'done', 'undoing', 'undone')
    """,
    "messages that show a booking": "SELECT count(*) FROM booking_desk.copies",
}


async def of_database(world: World) -> Sequence[Verdict]:
    happened = [
        Verdict.some_of(what, await world.sql.fetchval(query)) for what, query in _HAPPENED.items()
    ]
    return happened + [
        Verdict.none_of(what, await world.sql.fetchval(query)) for what, query in _RULES.items()
    ]


async def of_chats(world: World) -> Sequence[Verdict]:
    """Compare the welcomes in the students' chats with those marked as sent."""
    arrived = Counter(
        chat_of(call)
        for call in world.sendings
        if call.body and call.body["ok"] and _WELCOME in str(call.parameters.get("text"))
    )
    marked = {row["user_id"]: row["n"] for row in await world.sql.fetch(_MARKED)}
    wrong = sum(arrived[student] != n for student, n in marked.items())
    return [
        Verdict.some_of("welcomes that are marked", sum(marked.values())),
        Verdict.none_of("students with more or fewer welcomes than are marked", wrong),
    ]


def of_memory(samples: Sequence[int]) -> Verdict:
    """Compare the last tenth of the run with the second; the first is the start."""
    tenth = len(samples) // 10
    second, last = median(samples[tenth : 2 * tenth]), median(samples[-tenth:])
    growth = last / second - 1
    found = f"{second / 2**20:.1f} → {last / 2**20:.1f} MiB, {growth:+.1%}"
    return Verdict("memory, second and last tenth", found, f"≤ {_GROWTH:+.0%}", growth <= _GROWTH)


def of_log(log: Path, away: tuple[datetime, datetime]) -> Verdict:
    """Count the warnings and errors, except those from the time without a database."""
    began, ended = away
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    complaints = [
        line
        for line in lines
        if line["level"] != "info"
        and not began <= datetime.fromisoformat(line["timestamp"]) <= ended
    ]
    return Verdict.none_of("warnings and errors in the log, but for the restart", len(complaints))
