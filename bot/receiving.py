"""Wiring of what brings updates to the desk."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from aiogram import Bot, Dispatcher

from bot.metrics import Meter
from bot.running.repeat import Work
from bot.running.systemd import inherited_sockets
from bot.settings import Settings
from bot.telegram.bots import Bots
from bot.telegram.intake.polling import DRAIN_SECONDS, Polling
from bot.telegram.intake.webhook import WebhookReceiver
from db.database import Database

Intakes: TypeAlias = Mapping[str, Polling | WebhookReceiver]
"""What brings the updates of each bot, by the bot's username."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """What brings updates to the dispatchers."""

    works: Sequence[Work]
    stop: Callable[[], Awaitable[None]]
    """Take nothing new by webhook, and finish what has come; polling ends with its work."""


async def build_intakes(
    settings: Settings, *, db: Database, bots: Bots, dispatchers: Mapping[Bot, Dispatcher]
) -> Intakes:
    intakes: dict[str, Polling | WebhookReceiver] = {}
    for bot, dispatcher in dispatchers.items():
        name = (await bot.me()).username or str(bot.id)
        if settings.webhook is None:
            intakes[name] = Polling(db, bot, dispatcher)
        else:
            url = bots.address(bot, settings.webhook.url)
            address = replace(settings.webhook, url=url)
            intakes[name] = WebhookReceiver(
                bot, dispatcher, db=db, address=address, admins=settings.admin_ids
            )
    return intakes


@asynccontextmanager
async def receiving(
    settings: Settings, db: Database, intakes: Intakes, *, meter: Meter
) -> AsyncIterator[Receiving]:
    """Bring updates to the dispatchers until the block ends."""
    works = [work for intake in intakes.values() for work in intake.works]
    at = inherited_sockets() or settings.http
    if at is None:
        yield Receiving(works, _nothing)
        return
    # A desk without a port does not import a server, which would slow its start.
    from bot.http.metrics import Metrics  # noqa: PLC0415
    from bot.http.server import serving  # noqa: PLC0415

    metrics = Metrics(meter, settings.metrics_token)
    async with serving(
        at, ping=db.ping, intakes=list(intakes.values()), grace=DRAIN_SECONDS, metrics=metrics
    ) as server:
        yield Receiving([*works, server.watch], server.stop)


async def _nothing() -> None:
    pass
