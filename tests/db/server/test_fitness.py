"""A database that is none for the desk is found out before anything is touched."""

import asyncio
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import asyncpg
import pytest

from db.errors import DatabaseUnavailable
from db.server.address import Address
from db.server.connecting import Connector
from db.server.fitness import DatabaseUnfit, examine
from tests.support.databases import connected, of_database, read_only


async def test_what_is_there_is_told(dsn: str) -> None:
    found = await examine(dsn)

    async with connected(dsn) as sql:
        assert found.server == await sql.fetchval("SHOW server_version")
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


async def test_of_several_hosts_a_silent_one_has_its_share_of_the_time_and_then_comes_last(
    dsn: str,
) -> None:
    visits = []

    async def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(writer)

    silent = await asyncio.start_server(visited, "127.0.0.1", 0)
    sockets = parse_qs(urlsplit(dsn).query)["host"][0]
    port = silent.sockets[0].getsockname()[1]
    url = f"postgresql://postgres@127.0.0.1:{port},%2Fnowhere,{quote(sockets, safe='')}:5432/"
    connector = Connector(Address.parse(f"{url}postgres"))

    for _ in range(3):
        async with asyncio.timeout(1):
            session = await connector.connect(seconds=1)
        session.terminate()

    assert len(visits) == 1
    visits[0].transport.abort()
    silent.close()
    await silent.wait_closed()
