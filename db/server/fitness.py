"""Whether the desk can work with what stands at an address, before it touches anything."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from secrets import randbits
from typing import Final

import asyncpg

from db.errors import DatabaseUnavailable, reason_of
from db.failures import FAILURES
from db.server.address import Address, AddressError
from db.server.connecting import Connector, Session
from db.server.pool import APPLICATION_NAME, CONNECT_SECONDS

_HEARING_SECONDS: Final = 2
_ANSWER_SECONDS: Final = 3
_ENCODING: Final = "UTF8"
_LOST_STATEMENT: Final = (
    asyncpg.DuplicatePreparedStatementError,
    asyncpg.InvalidSQLStatementNameError,
)


class DatabaseUnfit(Exception):
    """The desk cannot work with this database; the text is one line that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """What was found at an address that the desk can work with."""

    server: str
    """The version of PostgreSQL, such as "18.6"."""
    tls: str | None
    """The version of TLS between the desk and whatever is at the address; None without it."""
    is_trusted: bool
    """Whether it is on this machine, or has proved who it is, at each of the addresses."""


async def examine(
    url: str, direct: str | None = None, *, hearing: float = _HEARING_SECONDS
) -> Fitness:
    """Find out what is at the address, and whether sessions last there.

    Args:
        url: Of PostgreSQL, or of a pooler in any mode if `direct` is given.
        direct: Of the same database without a pooler.
        hearing: The most seconds that a notification may take.

    Raises:
        DatabaseUnfit: the database is none for the desk, or a pooler is in the way.
        DatabaseUnavailable: it cannot be reached.
    """
    try:
        async with AsyncExitStack() as closing:
            working = await _opened(url, closing)
            lasting = await _opened(direct or url, closing)
            await _suits(working, "DATABASE_URL")
            if direct:
                await _suits(lasting, "DATABASE_DIRECT_URL")
            if not await sessions_last(lasting, working, hearing=hearing):
                raise DatabaseUnfit(_pooled(direct))
            return Fitness(
                server=working.get_settings().server_version.partition(" ")[0],
                tls=working.tls_version,
                is_trusted=all(Address.parse(way).is_trusted for way in {url, direct or url}),
            )
    except _LOST_STATEMENT as error:
        raise DatabaseUnfit(_pooled(direct)) from error
    except AddressError as error:
        raise DatabaseUnavailable(f"the address {error}") from error
    except FAILURES as error:
        raise DatabaseUnavailable(reason_of(error)) from error


async def _opened(url: str, closing: AsyncExitStack) -> Session:
    session = await Connector(Address.parse(url)).connect(
        seconds=CONNECT_SECONDS,
        name=APPLICATION_NAME,
        command_timeout=_ANSWER_SECONDS,
        statement_cache_size=0,
    )
    closing.callback(session.terminate)
    return session


async def _suits(session: Session, variable: str) -> None:
    encoding = session.get_settings().server_encoding
    if encoding != _ENCODING:
        raise DatabaseUnfit(
            f"The database of {variable} is in {encoding}, where names cannot be searched. Dump"
            " it, create one with ENCODING 'UTF8' TEMPLATE template0, and restore it there."
        )
    if await _is(session, "pg_is_in_recovery()"):
        raise DatabaseUnfit(
            f"{variable} leads to a standby, which takes no changes. Name the primary, or all"
            " servers: postgresql://user:password@one,two/name?target_session_attrs=read-write"
        )
    if await _is(session, "current_setting('transaction_read_only')::boolean"):
        raise DatabaseUnfit(
            f"The database of {variable} takes no changes: default_transaction_read_only is on"
            " for it or its role (some providers do that to a full disk). Make room, or set it"
            " to off with ALTER DATABASE or ALTER ROLE."
        )


async def sessions_last(
    session: Session, other: Session, *, hearing: float = _HEARING_SECONDS
) -> bool:
    """Whether a session hears notifications, and its lock excludes the other session."""
    key, channel = randbits(62), f"{APPLICATION_NAME}-{randbits(62)}"
    heard = asyncio.Event()
    lock, free = f"pg_try_advisory_lock({key})", f"pg_advisory_unlock({key})"
    if not await _is(session, lock):
        return False
    # In a transaction, so that no pooler lends both of them the same session by turns.
    async with other.transaction():
        excluded = not await _is(other, lock)
        if not excluded:
            await other.execute(f"SELECT {free}")
    await session.execute(f"SELECT {free}")
    if not excluded:
        return False
    await session.add_listener(channel, lambda *_: heard.set())
    await other.execute(f'NOTIFY "{channel}"')
    with suppress(TimeoutError):
        await asyncio.wait_for(heard.wait(), hearing)
    await session.execute(f'UNLISTEN "{channel}"')
    return heard.is_set()


async def _is(session: Session, condition: str) -> bool:
    """Ask without a prepared statement, which a pooler may lose."""
    answer: str = await session.execute(f"SELECT WHERE {condition}")
    return answer == "SELECT 1"


def _pooled(direct: str | None) -> str:
    way = "through a pooler that keeps no sessions, such as PgBouncer in transaction mode"
    if direct is None:
        return (
            f"DATABASE_URL leads {way}. Set also DATABASE_DIRECT_URL, to PostgreSQL's own address"
            " or that of a pooler in session mode."
        )
    return (
        f"DATABASE_DIRECT_URL leads {way}, or to another database than DATABASE_URL. It should be"
        " PostgreSQL's own address of the same database, or that of a pooler in session mode."
    )
