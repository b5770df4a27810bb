"""A kind of messages that uses everything a kind can have, and a desk that sends it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from aiogram import Bot
from aiogram.types import MessageEntity

from bot.i18n import Translator
from bot.kinds.acts import Act, Delete, Edit, Kind, Media, MediaType, Part, Send, Upload
from bot.services.outbox.delivery import DeliveryService
from bot.services.outbox.outcomes import Ended
from bot.workers.delivery import DeliveryWorker
from db.database import Database, UnitOfWork
from db.models.outbox import Message, MessageState, OutgoingMessage, Sender
from keyboards.markup import markup
from tests.support.kinds import TRANSLATORS
from tests.support.school import VERA_ID

LESSON: Final = "lesson"
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (64).to_bytes(4) * 2
SITE: Final = markup([{"text": "Site", "url": "https://school.example/"}])
BOLD: Final = [MessageEntity(type="bold", offset=0, length=6)]


@dataclass
class Lesson:
    """Sends three parts, one of them a photo; then edits the first and deletes the photo."""

    ended: list[MessageState] = field(default_factory=list)

    async def prepare(self, _: UnitOfWork, message: Message) -> Message | Ended:
        if message.payload["title"] == "unprepared":
            raise RuntimeError("cannot be prepared")
        return message

    def acts(self, _: Translator, brief: Message) -> Sequence[Act]:
        title = brief.payload["title"]
        if title == "uncomposed":
            raise RuntimeError("cannot be composed")
        first, photo, *_rest = [*brief.telegram_message_ids, 0, 0]
        picture = Media(type=MediaType.PHOTO, file=Upload(name="map.png", content=PNG))
        return [
            Send(Part(text=f"<b>{title}</b>", markup=SITE)),
            Send(Part(text="<i>The map</i>", media=picture)),
            Send(Part(text="Lesson < two", entities=BOLD)),
            Edit(first, Part(text=f"<s>{title}</s>")),
            Delete([photo]),
        ]

    async def follow(self, _: UnitOfWork, message: Message, state: MessageState) -> None:
        if message.payload["title"] == "unfollowed":
            raise RuntimeError("nothing can follow")
        self.ended.append(state)


@dataclass(frozen=True)
class Desk:
    """The services and workers of one bot."""

    db: Database
    sql: asyncpg.Connection
    bot: Bot
    kind: Lesson

    @property
    def kinds(self) -> Mapping[str, Kind[Any]]:
        return {LESSON: self.kind}

    async def service(self) -> DeliveryService:
        service = DeliveryService(
            self.db, self.kinds, bot_id=1001, senders=list(Sender), rate=1000
        )
        await service.open()
        return service

    async def owe(self, title: str = "Welcome", chat_id: int = VERA_ID) -> None:
        async with self.db.transaction() as uow:
            await uow.outbox.owe(
                OutgoingMessage(
                    kind=LESSON,
                    subject=title,
                    chat_id=chat_id,
                    sender=Sender.STUDENTS,
                    payload={"title": title},
                )
            )

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[DeliveryWorker]:
        async with asyncio.TaskGroup() as tasks:
            yield DeliveryWorker(
                await self.service(), self.bot, self.kinds, TRANSLATORS, rate=1000, tasks=tasks
            )

    async def steps(self, number: int = 1) -> None:
        """Let a new worker do this number of acts, without waiting for the gate of the chat."""
        async with self.worker() as worker:
            for _ in range(number):
                await self.later()
                await worker.run_once()
                await worker.finish(5)

    async def later(self) -> None:
        await self.sql.execute("DELETE FROM booking_desk.chat_gates")
        await self.sql.execute(
            "UPDATE booking_desk.outbox SET due_at = now() WHERE due_at > now()"
        )

    async def state(self) -> tuple[str, str | None, int]:
        row = await self.sql.fetchrow("SELECT state, reason, done FROM booking_desk.outbox")
        return row["state"], row["reason"], row["done"]
