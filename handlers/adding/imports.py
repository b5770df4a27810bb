"""Imports: /import, a file that is sent, and the buttons below it."""

from typing import Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Document, Message

from bot.errors.adding import FileNotRead, FileTooLarge
from bot.i18n import Translator
from bot.screens.adding import imports as screens
from bot.services.adding.imports import ImportService
from bot.telegram.files import fetch
from bot.views.adding.imports import ImportStep
from db.models.adding.imports import MOST_BYTES
from db.models.audit import Actor
from handlers.common.arguments import bot_of
from handlers.common.screen import send, show
from keyboards.payloads.adding.imports import (
    ImportButton,
    ImportColumnsButton,
    ImportHelpButton,
    ImportMapButton,
    ImportTroublesButton,
)

_TABLES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
"""A workbook is taken, too, so as to say how it becomes a file that can be read."""


async def explain(message: Message, t: Translator) -> None:
    await send(message, screens.help_(t))


async def explain_here(callback: CallbackQuery, t: Translator) -> None:
    await show(callback, screens.help_(t))


async def is_table(message: Message) -> bool:
    """Whether a file is sent that may be a table; others are forwarded for other reasons."""
    document = message.document
    return document is not None and (
        (document.file_name or "").lower().endswith(_TABLES) or message.forward_origin is None
    )


async def receive(message: Message, imports: ImportService, by: Actor, t: Translator) -> None:
    document = message.document
    if document is None or not _may_be_read(document):
        raise FileNotRead
    if (document.file_size or 0) > MOST_BYTES:
        raise FileTooLarge
    content = await fetch(bot_of(message), document, most=MOST_BYTES)
    answer = await message.answer(t("import-reading"))
    await imports.receive(
        content,
        document.file_name or "",
        by=by,
        chat_id=message.chat.id,
        message_id=answer.message_id,
        language=t.language,
    )


def _may_be_read(document: Document) -> bool:
    name = (document.file_name or "").lower()
    return name.endswith(_TABLES) or (document.mime_type or "").startswith("text/")


async def step(
    callback: CallbackQuery,
    callback_data: ImportButton,
    imports: ImportService,
    by: Actor,
    t: Translator,
) -> None:
    await imports.step(
        callback_data.imported,
        callback_data.step,
        revision=callback_data.revision,
        by=by,
        now=t.now,
    )
    if callback_data.step is ImportStep.DROP:
        await show(callback, screens.dropped(t))
        return
    await show(callback, screens.imported(t, await imports.get(callback_data.imported, by=by)))


async def show_troubles(
    callback: CallbackQuery,
    callback_data: ImportTroublesButton,
    imports: ImportService,
    by: Actor,
    t: Translator,
) -> None:
    view = await imports.get(callback_data.imported, offset=callback_data.offset, by=by)
    await show(callback, screens.troubles(t, view))


async def show_columns(
    callback: CallbackQuery,
    callback_data: ImportColumnsButton,
    imports: ImportService,
    by: Actor,
    t: Translator,
) -> None:
    view = await imports.get(callback_data.imported, by=by)
    await show(callback, screens.columns(t, view, callback_data.field, callback_data.offset))


async def map_column(
    callback: CallbackQuery,
    callback_data: ImportMapButton,
    imports: ImportService,
    by: Actor,
    t: Translator,
) -> None:
    await imports.map(
        callback_data.imported,
        callback_data.field,
        callback_data.column,
        revision=callback_data.revision,
        by=by,
    )
    await show(callback, screens.imported(t, await imports.get(callback_data.imported, by=by)))


def register(router: Router) -> None:
    router.message.register(explain, Command("import", ignore_case=True))
    router.message.register(receive, is_table)
    router.callback_query.register(explain_here, ImportHelpButton.filter())
    router.callback_query.register(step, ImportButton.filter())
    router.callback_query.register(show_troubles, ImportTroublesButton.filter())
    router.callback_query.register(show_columns, ImportColumnsButton.filter())
    router.callback_query.register(map_column, ImportMapButton.filter())
