"""Notifications of PostgreSQL about changes in the database."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, NoReturn

import structlog

from db.connection import Connection
from db.server.address import Address
from db.server.connecting import Connector

CHANNEL: Final = "booking_desk"
_RETRY_SECONDS: Final = 1
_PROBE_SECONDS: Final = 10
_ANSWER_SECONDS: Final = 3

logger = structlog.get_logger(__name__)


async def listen(
    dsn: str, topics: Mapping[str, asyncio.Event], heard: Callable[[bool], None]
) -> NoReturn:
    """Set the event of each topic that is notified, until cancelled.

    `heard` is told whether notifications are heard now. A lost connection is always opened again.
    Every event is then set, because notifications may have been missed. A notification only says
    when to look; the work is in the tables.
    """

    def set_event(_: Connection, pid: int, channel: str, topic: str) -> None:
        if topic in topics:
            topics[topic].set()

    connector = Connector(Address.parse(dsn))
    while True:
        try:
            connection = await connector.connect(
                seconds=_PROBE_SECONDS, command_timeout=_ANSWER_SECONDS
            )
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener(CHANNEL, set_event)
                for event in topics.values():
                    event.set()
                heard(True)
                while True:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_PROBE_SECONDS):
                            await lost.wait()
                    await connection.execute("SELECT 1")
            finally:
                heard(False)
                connection.terminate()
        except Exception as error:  # noqa: BLE001
            logger.warning("not listening to the database", reason=error)
        await asyncio.sleep(_RETRY_SECONDS)
