"""Welcomes that are owed, and workers that claim them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from db.database import Database
from db.models.outbox import UNREACHED, WELCOME, Claim, OutgoingMessage, Sender
from tests.support.school import VERA_ID

BOT: Final = 1001
HELD: Final = timedelta(minutes=1)
KINDS: Final = (WELCOME, UNREACHED)

Owe = Callable[..., Awaitable[int]]


async def welcome(
    db: Database, booking: int, *, chat_id: int = VERA_ID, revision: int = 2
) -> None:
    async with db.transaction() as uow:
        await uow.outbox.owe(
            OutgoingMessage.about(
                WELCOME, booking, revision, chat_id=chat_id, sender=Sender.STUDENTS
            )
        )


async def claim(db: Database, *, lease: timedelta = HELD, limit: int = 10) -> list[Claim]:
    async with db.transaction() as uow:
        return list(await uow.queue.claim(BOT, list(Sender), KINDS, limit, lease=lease))


async def reclaim(db: Database) -> list[int]:
    async with db.transaction() as uow:
        return [message.id for message in await uow.queue.reclaim()]
