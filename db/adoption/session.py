"""What stands between the desk and its server: encryption, and something that pools sessions."""

from dataclasses import dataclass

from db.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The way to the server."""

    tls: str | None
    """The version of TLS; None without it."""
    is_local: bool
    """The server is on this machine, or is reached by a socket."""
    is_pooled: bool
    """Something between answers for the server."""


async def session_of(connection: Connection) -> Session:
    """Look at the session of this connection."""
    row = await connection.fetchrow(
        """
        SELECT pg_backend_pid() AS pid,
               (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS tls,
               coalesce(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true)
                   AS is_local
        """
    )
    # A pooler tells its clients a number of its own instead of the server process's.
    return Session(
        tls=row["tls"],
        is_local=row["is_local"],
        is_pooled=row["pid"] != connection.get_server_pid(),
    )
