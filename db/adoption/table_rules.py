"""What the look says of the school's tables."""

from collections.abc import Iterator, Mapping
from typing import Final

from db.adoption.facts import NAMES, VIEWS, WITHOUT_ZONE, Column, Facts, Generated, Kind, Table
from db.adoption.lines import Line, note, ok, refused

_SECONDS_A_BOOKING: Final = 35e-6
"""Measured on two slow cores; most of it are the indexes."""

_WHOLE: Final = frozenset({"int2", "int4", "int8", "numeric"})
_TEXT: Final = frozenset({"text", "varchar", "bpchar", "citext"})
_NUMBER: Final = _WHOLE | {"float4", "float8"}
_MOMENT: Final = WITHOUT_ZONE | {"timestamptz"}
_READ: Final = {
    "id": (_WHOLE, "a whole number is needed"),
    "user_id": (_WHOLE - {"int2"} | _TEXT, "the person's Telegram number is needed"),
    "course_id": (_WHOLE, "a whole number is needed"),
    "confirmed": (
        _WHOLE,
        "a number is needed: 2 confirmed, 1 pending, 0 new, -1 cancelled",
    ),
    "created_at": (_MOMENT, "a date or timestamp is needed"),
}
"""The types that the columns of `bookings` may have, and what is needed."""
_OPTIONAL: Final = {
    "username": (_TEXT, "text is needed"),
    "first_name": (_TEXT, "text is needed"),
    "course_stream": (_TEXT, "text is needed"),
    "referral_code": (_TEXT, "text is needed"),
    "discount_percent": (_NUMBER, "a number is needed"),
}
_WRITTEN: Final = ("confirmed", "course_stream")
OURS: Final = ("revision", "first_revision")


def tables_lines(facts: Facts) -> Iterator[Line]:
    role, database = facts.server.role, facts.server.database
    for schema, name in facts.elsewhere:
        if name == "bookings":
            yield refused(
                "tables",
                f"bookings lies in the schema {schema}, which {role} does not look into;"
                f' ALTER ROLE "{role}" IN DATABASE "{database}"'
                f' SET search_path = "{schema}", public',
            )
        else:
            yield refused(
                "tables",
                f'the table is called "{name}"; it is needed as bookings, in small letters',
            )
    if facts.is_adopted and "bookings" not in facts.tables and not facts.elsewhere:
        yield refused("tables", "bookings has gone; restore it, or take the desk out of here")
    for name, table in facts.tables.items():
        what = VIEWS.get(table.kind, f"{table.rows} rows")
        yield ok("tables", f"{table.schema}.{name}: {what}")


def bookings_lines(table: Table, facts: Facts) -> Iterator[Line]:
    if table.kind in VIEWS:
        what = VIEWS[table.kind]
        yield refused("tables", f"bookings is {what}; a table is needed, as it gets triggers")
        return
    if table.is_partition:
        yield refused("tables", "bookings is a partition; the whole table is needed")
    if table.has_heirs:
        yield refused("tables", "tables inherit from bookings; partitions are needed instead")
    if table.hides_rows:
        yield note("tables", "bookings has forced row security; the desk sees what policies show")
    yield from _columns(table, facts)
    if any(key == {"id"} for key in table.keys) or (
        table.kind is Kind.PARTITIONED and any("id" in key for key in table.keys)
    ):
        yield ok("keys", "bookings.id")
    elif "id" in table.columns:
        yield refused("keys", "bookings.id is no key; ALTER TABLE bookings ADD PRIMARY KEY (id)")
    theirs = [name for name in table.triggers if not name.startswith("booking_desk_")]
    yield ok("triggers", f"the school's own: {', '.join(theirs) or 'none'}")


def _columns(table: Table, facts: Facts) -> Iterator[Line]:
    columns = table.columns
    wrong = [
        *_wrong_types(columns),
        *_generated(columns),
        *(
            f"bookings.{name} is missing; {needed}"
            for name, (_, needed) in _READ.items()
            if name not in columns
        ),
    ]
    if facts.no_numbers:
        wrong.append(
            f"bookings.user_id is {columns['user_id'].type}, and is no Telegram number in"
            f" {facts.no_numbers} of {table.rows} rows"
        )
    if "id" in columns and not columns["id"].not_null:
        wrong.append("bookings.id may be NULL; ALTER TABLE bookings ALTER id SET NOT NULL")
    created = columns.get("created_at")
    if created and created.base in WITHOUT_ZONE and not facts.server.knows_zone:
        wrong.append("bookings.created_at has no time zone, and PostgreSQL does not know TIMEZONE")
    yield from (refused("columns", text) for text in wrong)
    if not wrong:
        known = (name for name in (*_READ, *_OPTIONAL) if name in columns)
        yield ok("columns", ", ".join(f"{name} {columns[name].type}" for name in known))
    if created and created.base in WITHOUT_ZONE:
        meant = "TIMEZONE" if facts.keeps_zone else "the TIMEZONE of the first start, not today's"
        yield note("columns", f"bookings.created_at has no time zone and is meant in {meant}")


def _wrong_types(columns: Mapping[str, Column]) -> Iterator[str]:
    for name, (types, needed) in {**_READ, **_OPTIONAL}.items():
        column = columns.get(name)
        if column and column.base not in types:
            yield f"bookings.{name} is {column.type}; {needed}"


def _generated(columns: Mapping[str, Column]) -> Iterator[str]:
    for name, column in columns.items():
        if name in _WRITTEN and column.generated is not Generated.NOT:
            yield f"bookings.{name} is generated; a column is needed that the desk can write"
        elif name in {**_READ, **_OPTIONAL} and column.generated is Generated.VIRTUAL:
            yield f"bookings.{name} is computed when it is read; STORED is needed"


def users_lines(table: Table) -> Iterator[Line]:
    person = table.columns.get("user_id")
    why = None
    if table.kind in VIEWS:
        why = f"users is {VIEWS[table.kind]}"
    elif person is None:
        why = "users.user_id is missing"
    elif person.base not in _WHOLE:
        why = f"users.user_id is {person.type}"
    elif {"user_id"} not in table.keys:
        why = "users.user_id is no key"
    elif not table.rights >= {"SELECT", "INSERT", "UPDATE"}:
        why = "the role may not write to users"
    elif "course_stream" not in table.columns and not table.is_owned:
        why = f"users has no course_stream, and belongs to {table.owner}"
    if why:
        yield note("tables", f"{why}; the desk cannot keep users.course_stream up to date")


def collisions_lines(facts: Facts) -> Iterator[Line]:
    bookings = facts.tables.get("bookings")
    columns = bookings.columns if bookings else {}
    taken = [name for name in OURS if name in columns]
    if taken and not all(_is_ours(columns.get(name)) for name in OURS):
        for name in taken:
            yield refused(
                "names",
                f"bookings has a column {name} of the school's own ({columns[name].type}); the"
                " desk needs this name",
            )
    for name in facts.strangers:
        yield refused("names", f"{name} is not the desk's; the desk needs this name")
    if not facts.strangers and not taken:
        yield ok("names", "no collision")


def _is_ours(column: Column | None) -> bool:
    return column is not None and (column.base, column.not_null, column.default) == (
        "int4",
        True,
        "1",
    )


def outlook_lines(facts: Facts) -> Iterator[Line]:
    """Say what a start adds, and how long that takes."""
    tables = [f"the table {name}" for name in NAMES if name not in facts.tables]
    columns = [
        f"{table}.{column}" for table, column in facts.lacking.columns if table in facts.tables
    ]
    on_bookings = [
        f"{len(names)} {one if len(names) == 1 else several} on bookings"
        for one, several, names in (
            ("index", "indexes", facts.lacking.indexes),
            ("trigger", "triggers", facts.lacking.triggers),
        )
        if names
    ]
    schema = [] if facts.is_adopted else ["the schema booking_desk"]
    added = [*tables, *columns, *on_bookings, *schema]
    if not facts.is_adopted:
        yield ok("adds", ", ".join(added))
    elif added:
        yield note("adds", f"{', '.join(added)}: they have got lost since")
    else:
        yield ok("adds", "nothing; the desk is here")
    rows = facts.tables["bookings"].rows if "bookings" in facts.tables else 0
    if added:
        yield ok("takes", f"about {_lasting(1 + rows * _SECONDS_A_BOOKING)} for {rows} bookings")


def _lasting(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"
