"""The work of imports: reading a file, adding its rows in batches, taking them back."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import NotAllowed
from bot.errors.adding import ImportChanged
from bot.services.access import Desk
from bot.services.adding.batches import Batches
from bot.services.adding.files.reading import look_through, read, survey
from bot.services.adding.files.text import Unreadable
from bot.services.adding.imports import UNDO, read_import
from bot.services.backlog.bulks import BULK_GRACE
from bot.views.adding.imports import ImportView, Words
from bot.views.progress import Progress
from db.database import Database
from db.models.adding.imports import FileProblem, Import, ImportState, Row

_STAGED: Final = 500
"""Rows that are read at once; the loop goes on between them."""
_MOST_READINGS: Final = 3
_SPELL_SECONDS: Final = 1.0
"""How long rows are added before the progress is shown."""


class ImportRunService:
    """The work of imports, for the worker.

    Every replica may do it: a row is added once, whoever comes first.
    """

    def __init__(self, db: Database, desk: Desk, words: Words, *, zone: ZoneInfo) -> None:
        self._db = db
        self._desk = desk
        self._words = words
        self._zone = zone
        self._batches = Batches(desk, zone=zone)

    async def run(self, now: datetime) -> Progress[ImportView] | None:
        """Do a part of the oldest import; None if there is nothing to do."""
        async with self._db.statement() as uow:
            imported = await uow.imports.working()
        if imported is None:
            return None
        if imported.state is ImportState.READING:
            rows = await self._read(imported, now)
        else:
            rows = await self._spell(imported, now)
        async with self._db.snapshot() as uow:
            there = await uow.imports.get(imported.id)
            return None if there is None else Progress(await read_import(uow, there), rows)

    async def _read(self, imported: Import, now: datetime) -> int:
        """Read the file, and stage its rows; return 1 if that is done."""
        async with self._db.transaction() as uow:
            content = await uow.imports.content(imported)
            readings = await uow.imports.readings(imported)
        if content is None:
            return 0
        problem, line = FileProblem.TROUBLE, None
        if readings <= _MOST_READINGS:
            try:
                return int(await self._stage(imported, content, now))
            except Unreadable as error:
                problem, line = error.problem, error.line
        async with self._db.transaction() as uow:
            await uow.imports.refuse(imported, problem, line)
        return 1

    async def _stage(self, imported: Import, content: bytes, now: datetime) -> bool:
        layout, guessed = await asyncio.to_thread(survey, content, self._words)
        columns = guessed if imported.layout is None else imported.columns
        layout = await asyncio.to_thread(look_through, content, layout, columns)
        rows = read(content, layout, columns, words=self._words, zone=self._zone, now=now)
        async with self._db.transaction() as uow:
            if not await uow.imports.claim(imported):
                return False
            await uow.imports.rows.clear(imported)
            while chunk := await asyncio.to_thread(_some, rows):
                await uow.imports.rows.stage(imported, chunk)
            await uow.imports.rows.compare(imported)
            return await uow.imports.plan(imported, layout, columns)

    async def _spell(self, imported: Import, now: datetime) -> int:
        """Add rows, or take them back, for a second; return their number."""
        undoing = imported.state is ImportState.UNDOING
        work = self._batches.take_back if undoing else partial(self._batches.add, now=now)
        until = asyncio.get_running_loop().time() + _SPELL_SECONDS
        rows = 0
        try:
            while number := await work(imported):
                rows += number
                if asyncio.get_running_loop().time() > until:
                    break
        except ImportChanged:
            return rows
        except NotAllowed:
            # Whoever began it is no admin any more.
            async with self._db.transaction() as uow:
                await uow.imports.finish(
                    imported, ImportState.STOPPED, undo=UNDO, grace=BULK_GRACE
                )
        return rows


def _some(rows: Iterator[Row]) -> Sequence[Row]:
    return list(islice(rows, _STAGED))
