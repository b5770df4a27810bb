"""Whose fault it is when PostgreSQL does not do what it was asked for."""

from typing import Final

import asyncpg

FAILURES: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Whatever asyncpg raises because of PostgreSQL, or of the way to it."""
_PASSING: Final = (
    # A server that is promoted or demoted, and a session that it has ended.
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    # A right that was taken away can be given back.
    asyncpg.InsufficientPrivilegeError,
    # A plan that was made before another program altered the table.
    asyncpg.InvalidCachedStatementError,
)
"""Those of the classes below that are no fault of a statement."""
REFUSALS: Final = (
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.DiskFullError,
    asyncpg.PostgresSystemError,
)
"""Those of a server that answers, and keeps nothing."""
_OUR_CLASSES: Final = (
    *("03", "07", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22", "23", "24"),
    *("25", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "3F", "42", "44", "HV", "P0"),
)
"""The classes of SQLSTATE that say that a statement is wrong, or what it was given."""


def is_fault(error: Exception) -> bool:
    """Whether the statement or its values are wrong, so that it would fail again.

    What PostgreSQL says in a code that nobody has heard of is no fault: it may pass.
    """
    match error:
        case asyncpg.PostgresError():
            code: str = error.sqlstate or ""
            return code.startswith(_OUR_CLASSES) and not isinstance(error, _PASSING)
        case asyncpg.InterfaceError():
            # A value that PostgreSQL is not even asked to take.
            return isinstance(error, ValueError)
    return False
