"""Names for asyncpg's types, because asyncpg ships no `py.typed`."""

from typing import TypeAlias

import asyncpg

Connection: TypeAlias = asyncpg.Connection
Record: TypeAlias = asyncpg.Record
Pool: TypeAlias = asyncpg.Pool


def affected(status: str) -> int:
    """Return the row count of a command's status, such as "UPDATE 1"."""
    return int(status.rpartition(" ")[2])
