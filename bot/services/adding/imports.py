"""Receiving a file of bookings, choosing what it means, and beginning its import."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.errors import NotAllowed
from bot.errors.adding import FileTooLarge, ImportChanged, ImportGone
from bot.services.access import Desk, Permission
from bot.services.backlog.bulks import BULK_GRACE
from bot.views.adding.imports import ImportStep, ImportView
from db.database import UnitOfWork
from db.models.adding.imports import MOST_BYTES, Field, Import, ImportState
from db.models.audit import Actor

UNDO: Final = timedelta(days=1)
"""How long an import that has ended can be undone."""
TROUBLES: Final = 8
"""Rows in trouble on one screen."""
_LONGEST_FILE_NAME: Final = 64
_STATES: Final = {
    ImportStep.BEGIN: ImportState.PLANNED,
    ImportStep.WELCOME: ImportState.PLANNED,
    ImportStep.TWINS: ImportState.PLANNED,
    ImportStep.HALT: ImportState.RUNNING,
    ImportStep.GO_ON: ImportState.STOPPED,
    ImportStep.KEEP: ImportState.STOPPED,
}
_NEXT: Final = {ImportStep.GO_ON: ImportState.RUNNING, ImportStep.KEEP: ImportState.DONE}
_NOT_BEGUN: Final = {ImportState.READING, ImportState.REFUSED, ImportState.PLANNED}
_OWN: Final = {ImportStep.BEGIN, ImportStep.WELCOME, ImportStep.TWINS, ImportStep.DROP}
"""What only the admin who sent the file does."""


class ImportService:
    """Imports, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not add bookings.
        ImportGone: from the methods that take a number.
        ImportChanged: from the methods that change something, if it is not in the state for it.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def receive(
        self,
        content: bytes,
        file_name: str,
        *,
        by: Actor,
        chat_id: int,
        message_id: int,
        language: str,
    ) -> None:
        """Let the workers read the file; the message shows what they find.

        Raises:
            FileTooLarge: it has more than MOST_BYTES.
        """
        if len(content) > MOST_BYTES:
            raise FileTooLarge
        async with self._desk.transaction(by, Permission.ADD) as uow:
            await uow.imports.receive(
                content,
                file_name[:_LONGEST_FILE_NAME],
                by=by,
                chat_id=chat_id,
                message_id=message_id,
                language=language,
            )

    async def get(self, import_id: int, *, offset: int = 0, by: Actor) -> ImportView:
        """Return the import, with its rows in trouble from number `offset` on."""
        async with self._desk.snapshot(by, Permission.ADD) as uow:
            imported = await uow.imports.get(import_id)
            if imported is None:
                raise ImportGone
            return await read_import(uow, imported, offset=offset)

    async def map(
        self, import_id: int, field: Field, column: int | None, *, revision: int, by: Actor
    ) -> None:
        """Say which column is the field; the file is read anew."""
        async with self._desk.transaction(by, Permission.ADD) as uow:
            imported = await _own(uow, import_id, by)
            layout = imported.layout
            if imported.state is not ImportState.PLANNED or imported.revision != revision:
                raise ImportChanged
            if layout is None or (column is not None and column >= len(layout.header)):
                raise ImportChanged
            others = {each: n for each, n in imported.columns.items() if each is not field}
            others = {each: n for each, n in others.items() if n != column}
            columns = others if column is None else {**others, field: column}
            await uow.imports.change(
                imported, columns=columns, welcomes=imported.welcomes, twins=imported.twins
            )

    async def step(
        self, import_id: int, step: ImportStep, *, revision: int, by: Actor, now: datetime
    ) -> None:
        """Do what a button names."""
        async with self._desk.transaction(by, Permission.ADD) as uow:
            imported = await _existing(uow, import_id)
            if step in _OWN and imported.by.id != by.id:
                raise NotAllowed
            if imported.state is not _STATES.get(step, imported.state):
                raise ImportChanged
            if step in _OWN and imported.revision != revision:
                raise ImportChanged
            await _do(uow, imported, step, by, now)


async def read_import(uow: UnitOfWork, imported: Import, *, offset: int = 0) -> ImportView:
    troubles = await uow.imports.rows.troubles(imported, offset=offset, limit=TROUBLES + 1)
    return ImportView(
        imported=imported,
        troubles=troubles[:TROUBLES],
        offset=offset,
        more=len(troubles) > TROUBLES,
    )


async def _do(
    uow: UnitOfWork, imported: Import, step: ImportStep, by: Actor, now: datetime
) -> None:
    match step:
        case ImportStep.BEGIN:
            await _begin(uow, imported)
        case ImportStep.WELCOME | ImportStep.TWINS:
            await _toggle(uow, imported, step)
        case ImportStep.HALT:
            await uow.imports.finish(imported, ImportState.STOPPED, undo=UNDO, grace=BULK_GRACE)
        case ImportStep.GO_ON | ImportStep.KEEP:
            await uow.imports.move_on(imported, _NEXT[step])
        case ImportStep.UNDO if can_undo(imported, now):
            await uow.imports.move_on(imported, ImportState.UNDOING, by=by)
        case ImportStep.DROP if imported.state in _NOT_BEGUN:
            await uow.imports.drop(imported)
        case ImportStep.SHOW:
            pass
        case _:
            raise ImportChanged


def can_undo(imported: Import, now: datetime) -> bool:
    """Whether the import has ended, and its bookings can be taken back."""
    ended = imported.state in {ImportState.STOPPED, ImportState.DONE}
    return ended and imported.undo_until is not None and imported.undo_until > now


async def _begin(uow: UnitOfWork, imported: Import) -> None:
    if imported.twins:
        await uow.imports.rows.add_twins(imported)
    total = await uow.imports.rows.waiting(imported)
    if not total:
        raise ImportChanged
    await uow.imports.expect(imported, total)
    await uow.imports.move_on(imported, ImportState.RUNNING)


async def _toggle(uow: UnitOfWork, imported: Import, step: ImportStep) -> None:
    changed = (
        replace(imported, welcomes=not imported.welcomes)
        if step is ImportStep.WELCOME
        else replace(imported, twins=not imported.twins)
    )
    await uow.imports.change(
        imported, columns=imported.columns, welcomes=changed.welcomes, twins=changed.twins
    )


async def _existing(uow: UnitOfWork, import_id: int) -> Import:
    imported = await uow.imports.lock(import_id)
    if imported is None:
        raise ImportGone
    return imported


async def _own(uow: UnitOfWork, import_id: int, by: Actor) -> Import:
    imported = await _existing(uow, import_id)
    if imported.by.id != by.id:
        raise NotAllowed
    return imported
