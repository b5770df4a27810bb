"""TLS to a real PostgreSQL, with real certificates."""

import os
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.database import open_database
from bot.settings import Settings
from db.errors import DatabaseUnavailable
from db.server.address import Address
from db.server.connecting import Connector, Session
from db.server.fitness import examine
from tests.support.net.secured import PASSWORD, Secured, certificate, secured

#: A name of this machine that nothing tells to be one.
FAR = "127.1"


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Secured]:
    async with secured() as server:
        yield server


@pytest.fixture(autouse=True)
def no_files_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def trusting(server: Secured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server's certificate be one of the system's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.root))


async def opened(url: str) -> Session:
    return await Connector(Address.parse(url)).connect(seconds=5)


@pytest.mark.parametrize(
    "parameters",
    [
        "sslmode=verify-full&sslrootcert={root}",
        "sslmode=verify-ca&sslrootcert={root}",
        "sslmode=require&sslrootcert={root}",
        "sslmode=require&channel_binding=require&sslrootcert={root}",
        "sslmode=verify-full&sslrootcert={root}&ssl_min_protocol_version=TLSv1.3",
    ],
)
async def test_a_certificate_is_verified_with_a_file(server: Secured, parameters: str) -> None:
    found = await examine(server.url(parameters.format(root=server.root), at="localhost"))

    assert found.tls == "TLSv1.3"
    assert found.is_trusted


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(
    "parameters", ["sslmode=verify-full", "sslrootcert=system", "channel_binding=require"]
)
async def test_a_certificate_is_verified_with_those_of_the_system(
    server: Secured, parameters: str
) -> None:
    assert (await examine(server.url(parameters))).tls == "TLSv1.3"


@pytest.mark.parametrize(
    "parameters",
    [
        "sslmode=verify-full",
        "sslrootcert=system",
        "channel_binding=require",
        "sslmode=verify-ca&sslrootcert={other}",
        "sslmode=require&sslrootcert={other}",
    ],
)
async def test_a_certificate_of_nobody_known_is_refused_in_a_line(
    server: Secured, parameters: str, tmp_path: Path
) -> None:
    other = await certificate(tmp_path / "other.crt", "localhost")

    with pytest.raises(DatabaseUnavailable) as caught:
        await examine(server.url(parameters.format(other=other)))

    assert f"the certificate of localhost:{server.port} is not valid here" in str(caught.value)
    assert "sslrootcert=FILE names a root to trust" in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_the_name_counts_where_it_should(server: Secured) -> None:
    root = f"&sslrootcert={server.root}"
    await examine(server.url(f"sslmode=verify-ca{root}", at="127.0.0.1"))

    for parameters in (f"sslmode=verify-full{root}", f"channel_binding=require{root}"):
        with pytest.raises(DatabaseUnavailable, match=r"127.0.0.1:\d+ is not valid .* mismatch"):
            await examine(server.url(parameters, at="127.0.0.1"))


@pytest.mark.parametrize(
    ("parameters", "tls"),
    [
        ("", "TLSv1.3"),
        ("ssl=true", "TLSv1.3"),
        ("sslmode=require", "TLSv1.3"),
        ("sslmode=require&ssl_max_protocol_version=TLSv1.2", "TLSv1.2"),
        ("sslmode=allow", None),
        ("sslmode=disable", None),
    ],
)
async def test_an_unverified_server_far_away_is_not_trusted(
    server: Secured, parameters: str, tls: str | None
) -> None:
    found = await examine(server.url(parameters, at=FAR))

    assert found.tls == tls
    assert not found.is_trusted
    assert not (await examine(server.url(), server.url(parameters, at=FAR))).is_trusted


@pytest.mark.parametrize(("at", "warned"), [(FAR, True), ("localhost", False)])
async def test_the_start_warns_of_a_server_that_has_not_proved_who_it_is(
    server: Secured, at: str, warned: bool
) -> None:
    settings = Settings(
        _env_file=None, bot_token="1:a", admin_ids="1", database_url=server.url(at=at)
    )
    with capture_logs() as logs:
        async with open_database(settings):
            pass

    lines = [line for line in logs if line["event"] == "the database has not proved who it is"]
    assert [line["tls"] for line in lines] == ["TLSv1.3"] * warned


@pytest.mark.parametrize(
    ("user", "mode", "tls"),
    [("careless", "prefer", None), ("careful", "allow", "TLSv1.3")],
)
async def test_the_other_way_is_tried_where_the_first_is_not_let_in(
    server: Secured, user: str, mode: str, tls: str | None
) -> None:
    assert (await examine(server.url(f"sslmode={mode}", user=user))).tls == tls


async def test_a_certificate_of_ours_is_shown(server: Secured) -> None:
    key = server.ours.with_suffix(".key")
    ours = f"sslmode=require&sslcert={server.ours}&sslkey={key}"

    await examine(server.url(ours, user="certified"))

    with pytest.raises(DatabaseUnavailable, match="valid client certificate"):
        await examine(server.url(f"{ours}&sslcertmode=disable", user="certified"))


async def test_variables_of_another_program_change_nothing(
    server: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/nowhere",
        "PGSSLCERT": "/nowhere",
        "PGSSLMINPROTOCOLVERSION": "SSLv3",
        "PGSSLNEGOTIATION": "nonsense",
        "PGTARGETSESSIONATTRS": "nonsense",
        "PGGSSLIB": "nonsense",
        "PGSERVICE": "nonsense",
        "PGHOST": "nowhere",
        "PGPORT": "1",
        "PGUSER": "nobody",
        "PGDATABASE": "nothing",
        "PGPASSWORD": "wrong",
        "PGOPTIONS": "-c geqo=nonsense",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)

    assert (await examine(server.url())).tls == "TLSv1.3"


@pytest.mark.parametrize("from_file", [False, True])
async def test_a_password_may_come_from_where_psql_takes_it(
    server: Secured, from_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.url().replace(f":{PASSWORD}@", "@")
    if from_file:
        file = tmp_path / "passwords"
        file.write_text(f"*:*:*:postgres:{PASSWORD}\n")
        file.chmod(0o600)
        url += f"passfile={file}"
    else:
        monkeypatch.setenv("PGPASSWORD", PASSWORD)

    await examine(url)


async def test_parameters_of_the_session_and_of_the_socket_are_set(server: Secured) -> None:
    wanted = {"idle": 41, "interval": 7, "count": 3}
    keepalives = "&".join(f"keepalives_{name}={value}" for name, value in wanted.items())
    session = await opened(
        server.url(f"options=-c%20geqo%3Doff&tcp_user_timeout=9000&{keepalives}")
    )

    assert await session.fetchval("SHOW geqo") == "off"
    assert sockets_to(server.port) == [
        {"alive": 1, "idle": 41, "interval": 7, "count": 3, "user_timeout": 9000}
    ]
    session.terminate()


async def test_a_socket_is_not_kept_alive_if_so_wanted(server: Secured) -> None:
    session = await opened(server.url("keepalives=0"))

    assert [found["alive"] for found in sockets_to(server.port)] == [0]
    session.terminate()


def sockets_to(port: int) -> list[Mapping[str, int]]:
    """Return the options of this process's connections to the port."""
    return [options(wire) for wire in _sockets() if wire.getpeername()[1] == port]


def options(wire: socket.socket) -> Mapping[str, int]:
    tcp = {
        "idle": socket.TCP_KEEPIDLE,
        "interval": socket.TCP_KEEPINTVL,
        "count": socket.TCP_KEEPCNT,
        "user_timeout": socket.TCP_USER_TIMEOUT,
    }
    found = {name: wire.getsockopt(socket.IPPROTO_TCP, number) for name, number in tcp.items()}
    return {"alive": wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), **found}


def _sockets() -> Iterator[socket.socket]:
    for file in Path("/dev/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(file.name))) as wire:
            wire.getpeername()
            if wire.family == socket.AF_INET:
                yield wire
