"""The desk's watch over itself: trouble is told once, and once more when it is over."""

import asyncio
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

import structlog

from bot.services.alerts import owe_alert
from bot.services.status import Mode
from bot.views.alerts import Alert, Phase, Trouble
from db.database import Database, UnitOfWork
from db.errors import DatabaseUnavailable
from db.models.outbox import ALERT
from db.models.signs import DESK, OUTBOX, Beat, Sign, updates_of

_EVERY_SECONDS: Final = 5.0
_HELD_UP: Final = timedelta(minutes=1)
"""Messages that wait for longer are a sign of trouble."""
_PATIENCE: Final[Mapping[Trouble, timedelta]] = {
    Trouble.POLLING: timedelta(minutes=2),
    Trouble.WEBHOOK: timedelta(minutes=5),
    Trouble.OUTBOX: timedelta(minutes=5) - _HELD_UP,
    Trouble.DATABASE: timedelta(minutes=1),
    Trouble.DESK: timedelta(minutes=2),
}
"""How long each trouble lasts before the staff is told."""
_LOOKED_AT: Final = timedelta(seconds=30)
"""A sign that was well so lately is well: each replica looks only now and then."""

logger = structlog.get_logger(__name__)


class Intake(Protocol):
    """What brings the updates of one bot to this replica."""

    @property
    def mode(self) -> Mode:
        """How they come."""

    @property
    def is_well(self) -> bool:
        """Whether updates come; False also on a replica that stands by."""


class Voice(Protocol):
    """What tells the staff without the outbox."""

    async def tell(self, alert: Alert, languages: Mapping[int, str | None]) -> bool:
        """Tell it to each chat in its language; return whether anybody has heard it."""


@dataclass(frozen=True, slots=True)
class _Word:
    """What the one replica needs that tells of the database when that is away."""

    since: datetime
    """When the database answered last."""
    at: float
    """The same moment by the clock of the event loop."""
    languages: Mapping[int, str | None]
    """Those of the staff and the admins."""


class WatchService:
    """The signs of trouble, which all replicas write and any replica weighs."""

    def __init__(
        self,
        db: Database,
        intakes: Mapping[str, Intake],
        voice: Voice,
        *,
        staff: Set[int],
        admins: Set[int],
        patience: timedelta = _PATIENCE[Trouble.DATABASE],
    ) -> None:
        """Take what brings updates, by the bots' usernames, and the chats that are told.

        The admins may be told in place of their group. That the database is away is told after
        `patience`.
        """
        self._replica = uuid4()
        self._voice = voice
        self._patience = {**_PATIENCE, Trouble.DATABASE: patience}
        self._db = db
        self._bots = {updates_of(bot): (bot, intake) for bot, intake in intakes.items()}
        self._staff = staff
        self._everybody = staff | admins
        self._lost_database = False
        self._word: _Word | None = None
        self._told_since: datetime | None = None
        """Since when the database is away, if this replica has told it."""

    async def look(self) -> float:
        """Note what is well, and owe the staff what it does not know.

        Returns:
            The seconds after which to look again.
        """
        try:
            async with self._db.transaction() as uow:
                word = await self._look(uow)
        except DatabaseUnavailable:
            self._lost_database = True
            await self._speak()
            raise
        self._lost_database, self._word, self._told_since = False, word, None
        return _EVERY_SECONDS

    async def leave(self) -> None:
        """Note that this replica is told to end, which is no trouble."""
        async with self._db.statement() as uow:
            await uow.signs.leave()

    async def _look(self, uow: UnitOfWork) -> _Word | None:
        beat = await uow.signs.beat(self._replica)
        if beat.gap is None or beat.gap > min(_PATIENCE.values()):
            await uow.signs.begin_anew()
        await self._weigh_gap(uow, beat)
        seen = {name: intake.is_well for name, (_, intake) in self._bots.items()}
        waited = (await uow.messages.queue()).waited
        seen[OUTBOX] = waited is None or waited < _HELD_UP
        for sign in await uow.signs.see(seen):
            await self._weigh(uow, sign)
        if not beat.speaks:
            return None
        languages = await uow.people.languages(self._everybody)
        return _Word(beat.now, asyncio.get_running_loop().time(), languages)

    async def _speak(self) -> None:
        """Tell that the database is away, once, if it is on this replica to do so.

        All replicas may have lost it, and none can know what the others do. So the one speaks that
        had the word when the database answered last. Nothing can be owed without the database: who
        does not hear it now hears afterwards from when to when it was away.
        """
        word = self._word
        if word is None or self._told_since is not None:
            return
        silent = asyncio.get_running_loop().time() - word.at
        if silent <= self._patience[Trouble.DATABASE].total_seconds():
            return
        self._told_since = word.since
        logger.warning("the staff is told of trouble", trouble=Trouble.DATABASE)
        alert = Alert(
            trouble=Trouble.DATABASE,
            phase=Phase.BEGUN,
            sign=DESK,
            since=word.since,
            until=word.since,
        )
        for chats in (self._staff, self._everybody - self._staff):
            if await self._voice.tell(alert, {chat: word.languages[chat] for chat in chats}):
                return

    async def _weigh_gap(self, uow: UnitOfWork, beat: Beat) -> None:
        """Tell of a time in which nobody could tell anything."""
        trouble = Trouble.DATABASE if self._lost_database else Trouble.DESK
        since = self._told_since
        if since is None:
            if beat.before is None or beat.now - beat.before <= self._patience[trouble]:
                return
            # The one that spoke ends its own alert by the same key, unless another is quicker.
            since = beat.spoke or beat.before
        logger.warning("the desk was away", trouble=trouble, since=str(since))
        alert = Alert(trouble=trouble, phase=Phase.PAST, sign=DESK, since=since, until=beat.now)
        await owe_alert(uow, alert, self._staff)

    async def _weigh(self, uow: UnitOfWork, sign: Sign) -> None:
        bot, intake = self._bots.get(sign.name, ("", None))
        alert = Alert(
            trouble=Trouble.OUTBOX if intake is None else Trouble(intake.mode),
            phase=Phase.BEGUN,
            sign=sign.name,
            since=sign.alarmed_at or sign.well_at,
            until=sign.well_at,
            bot=bot,
        )
        if sign.alarmed_at is None:
            if sign.unwell_for > self._patience[alert.trouble]:
                await uow.signs.raise_alarm(sign)
                await owe_alert(uow, alert, self._staff)
                logger.warning("the staff is told of trouble", trouble=alert.trouble)
        elif sign.unwell_for < _LOOKED_AT:
            await uow.signs.end_alarm(sign)
            told = await uow.outbox.told(ALERT, alert.subject, self._everybody)
            await owe_alert(uow, replace(alert, phase=Phase.OVER), told)
            logger.info("the trouble is over", trouble=alert.trouble)
