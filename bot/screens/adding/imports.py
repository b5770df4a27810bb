"""Imports: how they are done, what a file has, and how far it has come."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts.adding import imports as texts
from bot.views.adding.imports import ImportView
from db.models.adding.imports import Field
from keyboards.adding import imports as keyboards


def help_(t: Translator) -> Screen:
    return Screen(texts.help_(t), keyboards.everything(t))


def imported(t: Translator, view: ImportView) -> Screen:
    return Screen(texts.imported(t, view), keyboards.imported(t, view))


def troubles(t: Translator, view: ImportView) -> Screen:
    return Screen(texts.troubles(t, view), keyboards.troubles(t, view))


def dropped(t: Translator) -> Screen:
    return Screen(t("add-dropped"), keyboards.everything(t))


def columns(
    t: Translator, view: ImportView, field: Field | None = None, offset: int = 0
) -> Screen:
    """Return the fields with their columns, or the columns that one can be."""
    shown, layout = view.imported, view.imported.layout
    if layout is None:
        return imported(t, view)
    text = texts.columns(t, shown, field)
    if field is None:
        return Screen(text, keyboards.columns(t, shown, layout))
    return Screen(text, keyboards.choices(t, shown, layout, field=field, offset=offset))
