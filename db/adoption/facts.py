"""What the look at a database finds, as values."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db.attachment.parts import Missing

NAMES: Final = ("bookings", "users", "courses")
"""The school's tables that the desk reads."""


WITHOUT_ZONE: Final = frozenset({"timestamp", "date"})
"""Types of dates that are meant in the school's time zone."""


class Kind(StrEnum):
    """PostgreSQL's letter for a kind of relation."""

    TABLE = "r"
    PARTITIONED = "p"
    VIEW = "v"
    MATERIALIZED_VIEW = "m"
    FOREIGN_TABLE = "f"


VIEWS: Final = {
    Kind.VIEW: "a view",
    Kind.MATERIALIZED_VIEW: "a materialized view",
    Kind.FOREIGN_TABLE: "a foreign table",
}
"""What is no table, and cannot get columns and triggers."""


class Generated(StrEnum):
    """PostgreSQL's letter for how a column gets its value."""

    NOT = ""
    STORED = "s"
    VIRTUAL = "v"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    type: str
    """As SQL writes it."""
    base: str
    """PostgreSQL's short name of the type, or of the type below a domain."""
    not_null: bool
    generated: Generated
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or a view that the role finds by its name."""

    schema: str
    name: str
    kind: Kind
    owner: str
    is_owned: bool
    """The role may alter it."""
    rights: Set[str]
    """What else the role may do, such as SELECT."""
    rows: int
    """An estimate, if PostgreSQL has one; 0 for views."""
    columns: Mapping[str, Column]
    keys: Sequence[Set[str]]
    """The columns of each unique index."""
    triggers: Sequence[str]
    has_heirs: bool
    """Other tables inherit from it, and are not its partitions."""
    is_partition: bool
    hides_rows: bool
    """Row security applies to its owner, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server, and the role that the look has there."""

    version: str
    number: int
    """180006 for 18.6."""
    database: str
    role: str
    ahead: float
    """Seconds by which its clock is ahead of this machine's."""
    knows_zone: bool
    """It knows the name of the school's time zone, if dates without one need it."""
    may_create_schema: bool
    home: str | None
    """The schema in which the role creates tables; None if it has none."""
    may_create_tables: bool
    """In that schema, or in the one of `bookings`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A database, as it is before the desk touches it."""

    server: Server
    tables: Mapping[str, Table]
    """`bookings`, `users` and `courses`, as far as the role finds them."""
    elsewhere: Sequence[tuple[str, str]]
    """Schemas and names of tables that the role does not find as `bookings`."""
    is_adopted: bool
    """The desk has been here."""
    lacking: Missing
    strangers: Sequence[str]
    """Names of the desk's that somebody else uses."""
    keeps_zone: bool
    """Dates without a zone were meant in the same zone at the first start, if it has been."""
    no_numbers: int
    """Bookings whose person is no number."""
