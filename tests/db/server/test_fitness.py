"""A database that is none for the desk is found out before anything is touched."""

from uuid import uuid4

import asyncpg
import pytest

from db.errors import DatabaseUnavailable
from db.server.fitness import DatabaseUnfit, examine
from tests.support.databases import connected, of_database, read_only


async def test_what_is_there_is_told(dsn: str) -> None:
    found = await examine(dsn)

    assert found.server.startswith("18.")
    assert found.tls is None
    assert found.is_trusted


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_a_database_in_which_names_cannot_be_searched(
    encoding: str, server: str, admin: asyncpg.Connection
) -> None:
    name = f"old_{uuid4().hex}"
    await admin.execute(
        f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0"
        " LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
    )

    with pytest.raises(DatabaseUnfit, match=rf"is in {encoding}, .* ENCODING 'UTF8'"):
        await examine(of_database(server, name))

    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_a_database_that_takes_no_changes(empty_dsn: str) -> None:
    async with connected(empty_dsn) as sql:
        await read_only(sql, "on")

    with pytest.raises(DatabaseUnfit, match=r"takes no changes: .* ALTER DATABASE or ALTER ROLE"):
        await examine(empty_dsn)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://vera@127.0.0.1:1/school", "Connect call failed|refused"),
        ("postgresql://vera@127.0.0.1:1,[::1]:1/school", r"127.0.0.1:1: .*; ::1:1: "),
        ("postgresql://vera@/school?host=%2Fnowhere", "No such file"),
        ("postgresql://vera@db/school?a=1", "^the address has the parameter a, which"),
        ("postgresql://v@db/s?sslmode=verify-full&sslrootcert=/x", "certificates that cannot be"),
    ],
)
async def test_an_address_at_which_nothing_is(address: str, why: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=why):
        await examine(address)
