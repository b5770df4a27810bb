"""The desk's watch over itself: trouble is told once, and once more when it is over."""

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import timedelta
from typing import Final, Protocol

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


class WatchService:
    """The signs of trouble, which all replicas write and any replica weighs."""

    def __init__(
        self, db: Database, intakes: Mapping[str, Intake], *, staff: Set[int], admins: Set[int]
    ) -> None:
        """Take what brings updates, by the bots' usernames, and the chats that are told.

        The admins may be told in place of their group.
        """
        self._db = db
        self._bots = {updates_of(bot): (bot, intake) for bot, intake in intakes.items()}
        self._staff = staff
        self._everybody = staff | admins
        self._lost_database = False

    async def look(self) -> float:
        """Note what is well, and owe the staff what it does not know.

        Returns:
            The seconds after which to look again.
        """
        try:
            async with self._db.transaction() as uow:
                await self._look(uow)
        except DatabaseUnavailable:
            self._lost_database = True
            raise
        self._lost_database = False
        return _EVERY_SECONDS

    async def leave(self) -> None:
        """Note that this replica is told to end, which is no trouble."""
        async with self._db.statement() as uow:
            await uow.signs.leave()

    async def _look(self, uow: UnitOfWork) -> None:
        beat = await uow.signs.beat()
        if beat.gap is None or beat.gap > min(_PATIENCE.values()):
            await uow.signs.begin_anew()
        await self._weigh_gap(uow, beat)
        seen = {name: intake.is_well for name, (_, intake) in self._bots.items()}
        waited = (await uow.messages.queue()).waited
        seen[OUTBOX] = waited is None or waited < _HELD_UP
        for sign in await uow.signs.see(seen):
            await self._weigh(uow, sign)

    async def _weigh_gap(self, uow: UnitOfWork, beat: Beat) -> None:
        """Tell of a time in which nobody could tell anything."""
        trouble = Trouble.DATABASE if self._lost_database else Trouble.DESK
        if beat.before is None or beat.now - beat.before <= _PATIENCE[trouble]:
            return
        logger.warning("the desk was away", trouble=trouble, since=str(beat.before))
        alert = Alert(
            trouble=trouble, phase=Phase.PAST, sign=DESK, since=beat.before, until=beat.now
        )
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
            if sign.unwell_for > _PATIENCE[alert.trouble]:
                await uow.signs.raise_alarm(sign)
                await owe_alert(uow, alert, self._staff)
                logger.warning("the staff is told of trouble", trouble=alert.trouble)
        elif sign.unwell_for < _LOOKED_AT:
            await uow.signs.end_alarm(sign)
            told = await uow.outbox.told(ALERT, alert.subject, self._everybody)
            await owe_alert(uow, replace(alert, phase=Phase.OVER), told)
            logger.info("the trouble is over", trouble=alert.trouble)
