"""Imports, as they are read from their table."""

from typing import Any, Final

import orjson

from db.connection import Record
from db.models.adding.imports import Field, FileProblem, Import, ImportState, Layout, RowResult
from db.models.audit import Actor

COLUMNS: Final = """
    id, actor_id, actor_name, state, revision, file_name, layout, columns, problem, problem_line,
    welcomes, twins, total, added, chat_id, message_id, language, undo_until, undone_by,
    undone_name
"""
COUNTED: Final = f"""
    SELECT {COLUMNS},
           ARRAY(SELECT (coalesce(result, ''), count(*)::text) FROM booking_desk.import_rows
                  WHERE import_id = import.id GROUP BY result) AS results,
           (SELECT count(*) FROM booking_desk.import_rows
             WHERE import_id = import.id AND result IS NULL AND confirmed = 2) AS confirmed,
           ARRAY(SELECT DISTINCT course_name FROM booking_desk.import_rows
                  WHERE import_id = import.id AND result IS NULL AND course_name IS NOT NULL
                  ORDER BY 1 LIMIT 6) AS new_courses
      FROM booking_desk.imports AS import
"""
_AS_THEY_ARE: Final = (
    *("id", "revision", "file_name", "problem_line", "welcomes", "twins", "total", "added"),
    *("chat_id", "message_id", "language", "undo_until"),
)


def import_of(row: Record) -> Import:
    """Return the import in a row of COLUMNS, or of COUNTED."""
    layout, problem, undone_by = row["layout"], row["problem"], row["undone_by"]
    values: dict[str, Any] = {name: row[name] for name in _AS_THEY_ARE}
    if "results" in row:
        values |= {
            "results": {RowResult(name) if name else None: int(n) for name, n in row["results"]},
            "confirmed": row["confirmed"],
            "new_courses": row["new_courses"],
        }
    return Import(
        by=Actor(id=row["actor_id"], name=row["actor_name"]),
        state=ImportState(row["state"]),
        layout=None if layout is None else Layout(**orjson.loads(layout)),
        columns={Field(k): n for k, n in orjson.loads(row["columns"] or "{}").items()},
        problem=None if problem is None else FileProblem(problem),
        undone_by=None if undone_by is None else Actor(id=undone_by, name=row["undone_name"]),
        **values,
    )
