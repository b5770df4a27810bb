"""Which errors are faults of a statement, and which are of the database."""

from typing import Final

import asyncpg

FAILURES: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Everything that asyncpg raises because of PostgreSQL or the connection to it."""
_PASSING: Final = (
    # A server that was demoted, and a session that the server has ended.
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    # A right that was taken away can be given back.
    asyncpg.InsufficientPrivilegeError,
    # A plan that was made before another program altered the table.
    asyncpg.InvalidCachedStatementError,
)
"""Errors in the classes below that are not faults of a statement."""
REFUSALS: Final = (
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.DiskFullError,
    asyncpg.PostgresSystemError,
)
"""Errors of a server that answers but cannot write."""
_OUR_CLASSES: Final = (
    *("03", "07", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23", "24"),
    *("25", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "3F", "42", "44", "HV", "P0"),
)
"""The classes of SQLSTATE for a wrong statement or a wrong value."""


def is_fault(error: Exception) -> bool:
    """Whether the statement or its values are wrong, so that a repetition fails again.

    An unknown code is not a fault: the error may pass.
    """
    match error:
        case asyncpg.PostgresError():
            code: str = error.sqlstate or ""
            return code.startswith(_OUR_CLASSES) and not isinstance(error, _PASSING)
        case asyncpg.InterfaceError():
            # asyncpg refuses a value itself, without asking PostgreSQL.
            return isinstance(error, ValueError)
    return False


def is_refused(error: Exception) -> bool:
    """Whether a table of other programs does not take the row."""
    return is_fault(error) or isinstance(error, asyncpg.InsufficientPrivilegeError)
