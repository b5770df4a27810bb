"""Errors of the database itself, and what may be told of them."""

from typing import Final

import asyncpg

_QUOTING: Final = ("22", "38", "39", "HV", "P0")
"""Classes of errors whose messages repeat values, or say what a school's function says."""


class DatabaseUnavailable(Exception):
    """PostgreSQL did not answer; a change that was under way may have been made or not."""


class RowRefused(Exception):
    """A table of the school does not take what the desk writes; the reason quotes no row."""


class MigrationError(Exception):
    """The schema cannot be brought up to date; what was applied is whole."""


def reason_of(error: BaseException) -> str:
    """Return what an error says, without what it quotes of a row.

    PostgreSQL's DETAIL prints the row that it refuses: a person's name and number.
    """
    name = type(error).__name__
    if not isinstance(error, asyncpg.PostgresError):
        return str(error) or name
    if error.sqlstate is None or error.sqlstate.startswith(_QUOTING):
        return f"{name} ({error.sqlstate})"
    return str(error).partition("\n")[0]
