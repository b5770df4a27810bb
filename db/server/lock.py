"""The locks for which replicas compete."""

from db.connection import Connection
from db.server.pool import APPLICATION_NAME
from db.sessions import ANSWER_SECONDS


class Lock:
    """An advisory lock of the database; at most one program holds it."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = f"{APPLICATION_NAME} {name}"
        self._taken = False

    async def ours(self) -> bool:
        """Take the lock if it is free; return whether it is ours now."""
        if self._taken:
            # The lock ends with its connection, so the connection is checked.
            await self._connection.execute("SELECT 1", timeout=ANSWER_SECONDS)
        else:
            self._taken = await self._connection.fetchval(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
                self._name,
                timeout=ANSWER_SECONDS,
            )
        return self._taken
