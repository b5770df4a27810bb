"""The buttons of imports."""

from collections.abc import Iterable, Sequence
from typing import Final

from aiogram.enums import ButtonStyle

from bot.i18n import Translator
from bot.texts import icons
from bot.texts.adding.imports import column
from bot.views.adding.imports import ImportStep, ImportView
from bot.views.lists import EVERYTHING, Origin
from db.models.adding.imports import Field, Import, ImportState, Layout, RowResult
from keyboards.markup import Button, Markup, button, markup
from keyboards.paging import turns
from keyboards.payloads.adding.imports import (
    ImportButton,
    ImportColumnsButton,
    ImportHelpButton,
    ImportMapButton,
    ImportTroublesButton,
)
from keyboards.payloads.lists import ListButton

_PER_PAGE: Final = 8
_LEFT_OUT: Final = (
    RowResult.UNREADABLE,
    RowResult.DUPLICATE,
    RowResult.REFUSED,
    RowResult.KEPT,
)


def help_button(t: Translator) -> Button:
    return button(t.plain("button-import"), ImportHelpButton.of_fields())


def everything(t: Translator) -> Markup:
    return markup([button(t.plain("button-all"), ListButton.of(Origin(EVERYTHING)))])


def imported(t: Translator, view: ImportView) -> Markup:
    """Return what can be done with the import in its state."""
    shown = view.imported
    left_out = shown.number(*_LEFT_OUT)
    payload = ImportTroublesButton.of_fields(imported=shown.id)
    show = button(t.plain("button-import-troubles", number=left_out), payload)
    return markup(*_steps(t, view), [show] if left_out else [], *_way_out(t, shown))


def troubles(t: Translator, view: ImportView) -> Markup:
    pages = turns(
        t,
        max(0, view.offset - _PER_PAGE) if view.offset else None,
        view.offset + _PER_PAGE if view.more else None,
        lambda offset: ImportTroublesButton.of_fields(imported=view.imported.id, offset=offset),
    )
    return markup(pages, [_back(t, view.imported)])


def columns(t: Translator, shown: Import, layout: Layout) -> Markup:
    """Return a row for each field, with the column that it is."""
    rows = (
        [
            button(
                f"{t.plain(f'import-field-{field}')}: "
                f"{column(t, layout, shown.columns.get(field), 14)}",
                ImportColumnsButton.of_fields(imported=shown.id, field=field),
            )
        ]
        for field in Field
    )
    return markup(*rows, [_back(t, shown)])


def choices(t: Translator, shown: Import, layout: Layout, *, field: Field, offset: int) -> Markup:
    """Return the columns that the field can be."""
    here = shown.columns.get(field)

    def choice(label: str, number: int | None) -> Sequence[Button]:
        payload = ImportMapButton.of_fields(
            imported=shown.id, revision=shown.revision, field=field, column=number
        )
        mark = f"{icons.CHOSEN} " if number == here else ""
        return [button(f"{mark}{label}", payload)]

    following = offset + _PER_PAGE
    numbers = range(len(layout.header))[offset:following]
    back = ImportColumnsButton.of_fields(imported=shown.id)
    return markup(
        *(choice(column(t, layout, number), number) for number in numbers),
        turns(
            t,
            max(0, offset - _PER_PAGE) if offset else None,
            following if following < len(layout.header) else None,
            lambda to: ImportColumnsButton.of_fields(imported=shown.id, field=field, offset=to),
        ),
        choice(t.plain("button-import-no-column"), None),
        [button(t.plain("button-back-to-columns"), back)],
    )


def _steps(t: Translator, view: ImportView) -> Iterable[Sequence[Button]]:
    shown = view.imported
    match shown.state:
        case ImportState.READING | ImportState.UNDOING:
            yield [_step(t.plain("button-refresh"), shown, ImportStep.SHOW)]
        case ImportState.PLANNED:
            yield from _plan(t, shown)
        case ImportState.RUNNING:
            halt = t.plain("button-bulk-halt")
            yield [
                _step(halt, shown, ImportStep.HALT, ButtonStyle.DANGER),
                _step(t.plain("button-refresh"), shown, ImportStep.SHOW),
            ]
        case ImportState.STOPPED:
            go_on = t.plain("button-import-go-on")
            yield [_step(go_on, shown, ImportStep.GO_ON, ButtonStyle.SUCCESS)]
            yield _undo(t, shown)
            yield [_step(t.plain("button-import-keep"), shown, ImportStep.KEEP)]
        case ImportState.DONE:
            yield _undo(t, shown)
        case _:
            return


def _plan(t: Translator, shown: Import) -> Iterable[Sequence[Button]]:
    number = shown.number(None, *([RowResult.DUPLICATE] if shown.twins else []))
    if number:
        label = t.plain("button-import-begin", number=number)
        yield [_step(label, shown, ImportStep.BEGIN, ButtonStyle.SUCCESS)]
    if shown.confirmed:
        yield [_switch(t, shown, ImportStep.WELCOME, on=shown.welcomes)]
    if shown.number(RowResult.DUPLICATE):
        yield [_switch(t, shown, ImportStep.TWINS, on=shown.twins)]
    payload = ImportColumnsButton.of_fields(imported=shown.id)
    yield [button(t.plain("button-import-columns"), payload)]


def _switch(t: Translator, shown: Import, step: ImportStep, *, on: bool) -> Button:
    mark = "☑️" if on else "⬜"
    number = shown.confirmed
    if step is ImportStep.TWINS:
        number = shown.number(RowResult.DUPLICATE)
    return _step(f"{mark} {t.plain(f'button-import-{step}', number=number)}", shown, step)


def _undo(t: Translator, shown: Import) -> Sequence[Button]:
    number = shown.number(RowResult.ADDED)
    if not number or shown.undo_until is None or shown.undo_until <= t.now:
        return []
    label = t.plain("button-import-undo", number=number)
    return [_step(label, shown, ImportStep.UNDO, ButtonStyle.PRIMARY)]


def _way_out(t: Translator, shown: Import) -> Iterable[Sequence[Button]]:
    if shown.state in {ImportState.READING, ImportState.PLANNED}:
        drop = t.plain("button-import-drop")
        yield [_step(drop, shown, ImportStep.DROP, ButtonStyle.DANGER)]
    elif shown.state is ImportState.REFUSED:
        yield [help_button(t)]
    else:
        yield [button(t.plain("button-all"), ListButton.of(Origin(EVERYTHING)))]


def _step(label: str, shown: Import, step: ImportStep, style: ButtonStyle | None = None) -> Button:
    payload = ImportButton.of_fields(imported=shown.id, step=step, revision=shown.revision)
    return button(label, payload, style)


def _back(t: Translator, shown: Import) -> Button:
    return _step(t.plain("button-back-to-import"), shown, ImportStep.SHOW)
