"""Measuring what goes up and down, whether somebody asks for the numbers or not."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from bot.metrics import Meter
from bot.running.repeat import AGAIN
from bot.services.measures import MeasureService
from bot.telegram.intake.polling import Polling
from bot.telegram.intake.webhook import WebhookReceiver
from db.errors import DatabaseUnavailable

_EVERY_SECONDS: Final = 10.0
_LAG_SECONDS: Final = 0.5


class Gauges:
    """The levels of one replica, and of the database that all of them share."""

    def __init__(
        self,
        meter: Meter,
        measures: MeasureService,
        intakes: Mapping[str, Polling | WebhookReceiver],
        *,
        connections: Callable[[], Mapping[str, int]],
    ) -> None:
        """Take what brings updates, by the bots' usernames, and the database's connections."""
        self._meter = meter
        self._measures = measures
        self._intakes = intakes
        self._connections = connections

    async def read(self) -> float:
        """Read the levels of the database.

        Returns:
            The seconds after which to read again.
        """
        try:
            measures = await self._measures.read()
        except DatabaseUnavailable:
            self._meter.level("db_up", 0)
            raise
        self._meter.level("db_up", 1)
        self._meter.levels("bookings", measures.bookings)
        self._meter.levels("outbox_messages", measures.messages)
        self._meter.level("outbox_oldest_waiting_seconds", measures.waited.total_seconds())
        self._meter.level("migrations_applied", measures.migrations)
        if measures.backed_up is not None:
            moment = measures.backed_up.timestamp()
            self._meter.level("backup_last_success_timestamp_seconds", moment)
        return _EVERY_SECONDS

    async def lag(self) -> float:
        """Measure how late the event loop is."""
        loop = asyncio.get_running_loop()
        due = loop.time() + _LAG_SECONDS
        await asyncio.sleep(_LAG_SECONDS)
        self._meter.lag(max(0.0, loop.time() - due))
        return AGAIN

    def read_here(self) -> None:
        """Read the levels of this replica, which cost nothing."""
        self._meter.levels("db_connections", self._connections())
        for bot, intake in self._intakes.items():
            self._meter.levels("updates_coming", {bot: intake.is_well})
            if isinstance(intake, Polling):
                self._meter.levels("polling_leader", {bot: intake.leads})
            else:
                self._read_webhook(bot, intake)

    def _read_webhook(self, bot: str, receiver: WebhookReceiver) -> None:
        self._meter.levels("telegram_webhook_set", {bot: receiver.is_set})
        self._meter.levels("telegram_webhook_pending_updates", {bot: receiver.pending})
        if receiver.last_error is not None:
            moment = receiver.last_error.timestamp()
            self._meter.levels("telegram_webhook_last_error_timestamp_seconds", {bot: moment})
