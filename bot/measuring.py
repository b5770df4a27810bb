"""Wiring of what measures the desk."""

from collections.abc import Mapping, Sequence
from functools import partial

from aiogram import Bot, Dispatcher

from bot.metrics import Meter
from bot.receiving import Intakes
from bot.running.repeat import Work, repeat
from bot.services.measures import MeasureService
from bot.settings import Settings, SettingsError, complaint
from bot.telegram.bots import Bots
from bot.telegram.metering import CallMeter, UpdateMeter
from bot.wiring.services import VERSION
from bot.workers.gauges import Gauges
from db.database import Database


def build_meter(settings: Settings) -> Meter:
    """Return what measures the desk, if there is a token for who reads that.

    Raises:
        SettingsError: the library that measures is not installed.
    """
    if settings.metrics_token is None:
        return Meter()
    try:
        from bot.metrics.prometheus import Prometheus  # noqa: PLC0415
    except ImportError:
        verdict = "needs prometheus-client, which the extra `metrics` installs"
        raise SettingsError(complaint("metrics_token", verdict)) from None
    return Prometheus(VERSION)


def measuring(
    meter: Meter,
    *,
    db: Database,
    bots: Bots,
    dispatchers: Mapping[Bot, Dispatcher],
    intakes: Intakes,
) -> Sequence[Work]:
    """Let the meter see updates, calls and connections; return the work that reads levels."""
    if not meter.is_read:
        return []
    db.pool.on_wait = meter.acquired
    for bot in bots.all:
        bot.session.middleware(CallMeter(meter))
    for bot, dispatcher in dispatchers.items():
        role = "desk" if bot is bots.desk else "students"
        dispatcher.update.outer_middleware(UpdateMeter(meter, role))
    gauges = Gauges(meter, MeasureService(db), intakes, connections=lambda: db.pool.sizes)
    meter.look = gauges.read_here
    return [partial(repeat, gauges.read), partial(repeat, gauges.lag)]
