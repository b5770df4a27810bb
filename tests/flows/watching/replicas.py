"""Replicas that watch over the desk, and what they tell."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import asyncpg

from bot.services.status import Mode
from bot.services.watch import Voice, WatchService
from bot.views.alerts import Alert
from db.database import Database
from tests.support.person import Person
from tests.support.school import ANNA_ID, BORIS_ID

BOT: Final = "school_desk_bot"
ADMINS: Final = frozenset({ANNA_ID, BORIS_ID})
GROUP: Final = -1_000_000_000_500


@dataclass
class View:
    """What a replica sees of the desk's bot."""

    is_well: bool
    mode: Mode = "polling"


class Silent:
    """A voice of a replica whose database stays."""

    async def tell(self, alert: Alert, languages: Mapping[int, str | None]) -> bool:
        raise AssertionError(alert, languages)


def replica(
    db: Database,
    view: View,
    staff: Set[int] = ADMINS,
    *,
    voice: Voice | None = None,
    patience: timedelta = timedelta(minutes=1),
) -> WatchService:
    return WatchService(
        db, {BOT: view}, voice or Silent(), staff=staff, admins=ADMINS, patience=patience
    )


def heard(person: Person, words: str) -> int:
    return sum(words in text for text in person.inbox)


async def alerts(sql: asyncpg.Connection) -> list[tuple[str, int, str]]:
    rows = await sql.fetch(
        """
        SELECT (payload ->> 'trouble') || ' ' || (payload ->> 'phase'), chat_id, state
          FROM booking_desk.outbox WHERE kind = 'alert' ORDER BY id
        """
    )
    return [tuple(row) for row in rows]
