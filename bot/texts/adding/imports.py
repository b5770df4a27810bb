"""Imports of files, as text."""

from collections.abc import Iterable
from typing import Final

from bot.i18n import Translator
from bot.texts import names
from bot.views.adding.imports import ImportView
from db.models.adding.imports import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    CellProblem,
    Field,
    FileProblem,
    Import,
    ImportState,
    Layout,
    RowResult,
    Trouble,
)

_SHOWN: Final = 5
"""Troubles under the numbers."""
_MEGABYTE: Final = 1024**2
_LONGEST: Final = 40


def help_(t: Translator) -> str:
    return t("import-help", rows=MOST_ROWS, megabytes=MOST_BYTES // _MEGABYTE)


def imported(t: Translator, view: ImportView) -> str:
    """Return the file, how far it has come, and the first rows that are left out or kept."""
    parts = [_heading(t, view.imported), *_state(t, view.imported), *_first(t, view)]
    return "\n\n".join(parts)


def troubles(t: Translator, view: ImportView) -> str:
    """Return a page of the rows that are left out or kept."""
    lines = [_trouble(t, view.imported, each) for each in view.troubles]
    return "\n".join([_heading(t, view.imported), "", *(lines or [t("import-no-troubles")])])


def columns(t: Translator, shown: Import, field: Field | None) -> str:
    """Return the question which column is what; the answers are the buttons."""
    if field is None:
        return f"{_heading(t, shown)}\n\n{t('import-columns')}"
    question = t("import-which-column", field=t.plain(f"import-field-{field}"))
    return f"{_heading(t, shown)}\n\n{question}"


def column(t: Translator, layout: Layout, number: int | None, length: int = 18) -> str:
    """Return the name of a column as plain text; "—" for none."""
    if number is None or number >= len(layout.header):
        return "—"
    name = names.clean(layout.header[number], length)
    return name or t.plain("import-column", number=number + 1)


def _heading(t: Translator, shown: Import) -> str:
    return t("import-heading", file=names.clean(shown.file_name, _LONGEST) or "?")


def _state(t: Translator, shown: Import) -> Iterable[str]:
    match shown.state:
        case ImportState.READING:
            yield t("import-reading")
        case ImportState.REFUSED:
            yield _refusal(t, shown)
        case ImportState.PLANNED:
            yield from _plan(t, shown)
        case ImportState.RUNNING | ImportState.STOPPED | ImportState.UNDOING:
            yield t(f"import-{shown.state}", added=shown.added, total=shown.total)
            yield from _undo(t, shown)
        case ImportState.DONE | ImportState.UNDONE:
            yield "\n".join([t(f"import-{shown.state}", count=_ended(shown)), *_left(t, shown)])
            yield from _undo(t, shown)


def _ended(shown: Import) -> int:
    undone = shown.state is ImportState.UNDONE
    return shown.number(RowResult.UNDONE if undone else RowResult.ADDED)


def _refusal(t: Translator, shown: Import) -> str:
    problem = shown.problem or FileProblem.TROUBLE
    reason = t(f"import-file-{problem}", rows=MOST_ROWS, columns=MOST_COLUMNS)
    if shown.problem_line is None:
        return f"🛑 {reason}"
    return f"🛑 {t('import-line', line=shown.problem_line)}: {reason}"


def _plan(t: Translator, shown: Import) -> Iterable[str]:
    layout = shown.layout
    if layout is None:
        return
    yield t("import-planned")
    if Field.PERSON not in shown.columns and Field.USERNAME not in shown.columns:
        yield t("import-who")
    lines = [t("import-fitting", count=shown.number(None)), *_left(t, shown)]
    if shown.new_courses:
        courses = ", ".join(names.clean(name, _LONGEST) for name in shown.new_courses[:_SHOWN])
        more = "…" if len(shown.new_courses) > _SHOWN else ""
        lines.append(t("import-new-courses", courses=f"{courses}{more}"))
    yield "\n".join(lines)
    fields = (
        t(
            "import-field-line",
            field=t.plain(f"import-field-{field}"),
            column=column(t, layout, shown.columns[field], _LONGEST),
        )
        for field in Field
        if field in shown.columns
    )
    yield "\n".join([_written(t, layout), *fields])


def _written(t: Translator, layout: Layout) -> str:
    """Return the encoding, and what stands between the cells."""
    delimiters = {",": "comma", ";": "semicolon", "\t": "tab"}
    return t(
        "import-written",
        encoding=layout.encoding.removesuffix("-sig").upper(),
        delimiter=t.plain(f"import-delimiter-{delimiters[layout.delimiter]}"),
    )


def _left(t: Translator, shown: Import) -> Iterable[str]:
    """Return a line for each reason why rows are not in the lists, or still are."""
    for result in (RowResult.DUPLICATE, RowResult.UNREADABLE, RowResult.REFUSED, RowResult.KEPT):
        if result is RowResult.DUPLICATE and shown.twins:
            continue
        if number := shown.number(result):
            yield t(f"import-result-{result}", count=number)


def _undo(t: Translator, shown: Import) -> Iterable[str]:
    if shown.state in {ImportState.STOPPED, ImportState.DONE} and shown.number(RowResult.ADDED):
        until = shown.undo_until
        if until is not None and until > t.now:
            yield t("import-undo-until", at=t.moment(until))


def _first(t: Translator, view: ImportView) -> Iterable[str]:
    if view.troubles and view.imported.state is not ImportState.UNDOING:
        yield "\n".join(_trouble(t, view.imported, each) for each in view.troubles[:_SHOWN])


def _trouble(t: Translator, shown: Import, trouble: Trouble) -> str:
    """Return the line of the file, the column, and what is wrong there."""
    place = t("import-line", line=trouble.line)
    if trouble.field is not None and shown.layout is not None:
        number = shown.columns.get(Field(trouble.field))
        if number is not None:
            name = column(t, shown.layout, number)
            place = t("import-cell", line=trouble.line, column=name)
    return f"· {place}: {_reason(t, trouble)}"


def _reason(t: Translator, trouble: Trouble) -> str:
    match trouble.result:
        case RowResult.DUPLICATE if trouble.twin_line is not None:
            return t("import-twin-line", line=trouble.twin_line)
        case RowResult.DUPLICATE:
            return t("import-twin", booking=trouble.twin or 0)
        case RowResult.KEPT:
            who = names.clean(trouble.actor) or t.plain("change-by-others")
            return t("import-kept", booking=trouble.booking_id or 0, who=who)
        case RowResult.REFUSED:
            return t("import-refused", reason=names.clean(trouble.problem, 90))
        case _:
            problem = CellProblem(trouble.problem or CellProblem.NOBODY)
            return t(f"import-cell-{problem}", shown=names.clean(trouble.shown, _LONGEST))
