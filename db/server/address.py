"""Addresses of PostgreSQL, as psql reads them; nothing else says where the desk connects.

Of the variables PG*, which may be those of another program, only PGPASSWORD and PGPASSFILE count,
and only for an address without a password.
"""

import getpass
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import unquote

from db.server.tls import Tls

_URL: Final = re.compile(
    r"postgres(?:ql)?://"
    r"(?:(?P<user>[^:/?]*)(?::(?P<password>[^/?]*))?@)?"
    r"(?P<hosts>[^@/?]*)(?:/(?P<dbname>[^?]*))?(?:\?(?P<parameters>.*))?",
    re.DOTALL,
)
_HOST: Final = re.compile(r"(?P<name>[^:\[\]]*|\[[^\[\]]*\])(?::(?P<port>[0-9]{0,5}))?")
_NAME: Final = re.compile(r"[A-Za-z_]{1,40}")
_LAST_PORT: Final = 65535
_PORT: Final = "5432"
_HERE: Final = ("/run/postgresql", "localhost")
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "channel_binding": ("disable", "prefer", "require"),
    "gssencmode": ("disable", "prefer"),
    "load_balance_hosts": ("disable",),
    "sslcertmode": ("allow", "disable"),
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslnegotiation": ("postgres", "direct"),
    "ssl": ("true",),
    "ssl_min_protocol_version": ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
    "ssl_max_protocol_version": ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"),
    "target_session_attrs": ("any", "read-write", "primary"),
}
"""What the desk can do; libpq knows more of some, such as standbys, which the desk cannot use."""
_NUMBERS: Final = (
    *("connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval"),
    *("keepalives_count", "tcp_user_timeout"),
)
_FILES: Final = ("sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslcrldir")
_TEXTS: Final = ("host", "port", "user", "password", "dbname", "passfile", "options", "krbsrvname")
_WITHOUT_EFFECT: Final = (
    # The desk's triggers know its writes by the name that it has itself.
    *("application_name", "fallback_application_name"),
    *("client_encoding", "gssdelegation", "gsslib", "sslcompression", "sslsni"),
)
_CANNOT: Final = (
    *("hostaddr", "max_protocol_version", "min_protocol_version", "oauth_client_id"),
    *("oauth_client_secret", "oauth_issuer", "oauth_scope", "replication", "require_auth"),
    *("requirepeer", "scram_client_key", "scram_server_key", "service", "servicefile"),
    "sslkeylogfile",
)


class AddressError(ValueError):
    """The address cannot be used; the text completes "DATABASE_URL …", without what is secret."""


@dataclass(frozen=True, slots=True)
class Host:
    """A server: a name or number, or the directory of a socket."""

    name: str
    port: int

    @property
    def is_socket(self) -> bool:
        return self.name.startswith("/")

    @property
    def is_local(self) -> bool:
        if self.is_socket or self.name == "localhost":
            return True
        try:
            return ip_address(self.name).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        return self.name if self.is_socket else f"{self.name}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a database is and how it is reached."""

    hosts: Sequence[Host]
    """Tried in this order."""
    user: str
    password: str | None = field(repr=False)
    passfile: str | None
    database: str
    options: str | None
    krbsrvname: str
    target: str
    """Which of the hosts is right, one of libpq's `target_session_attrs`."""
    tls: Tls
    seconds: int | None
    """The most for connecting to one host; None: as the caller likes."""
    keepalives: Mapping[str, int]
    """libpq's parameters of this name; a missing one is left to the system."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address such as postgresql://user:password@host/name?sslmode=verify-full.

        Raises:
            AddressError: it is malformed, or asks for what the desk cannot do.
        """
        given = _parameters(text)
        user = given.get("user") or _login()
        return cls(
            hosts=_hosts(given.get("host", ""), given.get("port", "")),
            user=user,
            password=given.get("password"),
            passfile=given.get("passfile"),
            database=given.get("dbname", user),
            options=given.get("options"),
            krbsrvname=given.get("krbsrvname", "postgres"),
            target=given.get("target_session_attrs", _target(given.get("host", ""))),
            tls=_tls(given),
            # As for libpq, 0 is no limit, and 1 is 2.
            seconds=max(2, int(given["connect_timeout"]))
            if int(given.get("connect_timeout", 0)) > 0
            else None,
            keepalives={
                name: int(given[name])
                for name in _NUMBERS
                if name in given and name != "connect_timeout"
            },
        )

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine."""
        return all(host.is_local for host in self.hosts)

    @property
    def is_trusted(self) -> bool:
        """Whether the server is on this machine, or proves who it is."""
        return self.is_local or self.tls.verifies

    def __str__(self) -> str:
        return ", ".join(map(str, self.hosts))


def _parameters(text: str) -> Mapping[str, str]:
    """Return all parts of the address by libpq's names; the later of two counts."""
    url = _URL.fullmatch(text)
    if url is None:
        raise AddressError("is not valid")
    hosts = [_HOST.fullmatch(host) for host in url["hosts"].split(",")]
    pairs = [(name, _decoded(url[name] or "")) for name in ("user", "password", "dbname")]
    pairs += [
        ("host", ",".join(_decoded(host["name"]) if host else _invalid() for host in hosts)),
        ("port", ",".join((host["port"] or "") if host else _invalid() for host in hosts)),
    ]
    for pair in filter(None, (url["parameters"] or "").split("&")):
        name, sign, value = pair.partition("=")
        if not sign or "@" in pair or not _NAME.fullmatch(name):
            # Perhaps the rest of a password with an unescaped "?".
            raise AddressError('is not valid (in it, "?" "/" and "@" of a password are escaped)')
        pairs.append((name, _checked(name, _decoded(value))))
    return {name: value for name, value in pairs if value}


def _invalid() -> str:
    raise AddressError("is not valid")


def _decoded(text: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise AddressError("is not valid") from None
    return _invalid() if "\0" in decoded else decoded


def _checked(name: str, value: str) -> str:
    if name in _CANNOT:
        raise AddressError(f"has the parameter {name}, which the desk cannot follow")
    if name in _CHOICES:
        if value and value not in _CHOICES[name]:
            can = " or ".join(_CHOICES[name])
            raise AddressError(f"has a value of {name} that the desk cannot follow ({can} it can)")
    elif name in _NUMBERS:
        if value and not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise AddressError(f"has a value of {name} that is no whole number")
    elif name not in (*_TEXTS, *_FILES, *_WITHOUT_EFFECT):
        raise AddressError(f"has the parameter {name}, which PostgreSQL does not know")
    return value


def _hosts(names: str, ports: str) -> Sequence[Host]:
    listed = names.split(",") if names.strip(",") else _HERE
    numbers = ports.split(",")
    if len(numbers) == 1:
        numbers *= len(listed)
    if len(numbers) != len(listed):
        raise AddressError("has not as many ports as hosts")
    return [
        Host(name.strip("[]") or "localhost", _port(number or _PORT))
        for name, number in zip(listed, numbers, strict=True)
    ]


def _port(number: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", number) or not 1 <= int(number) <= _LAST_PORT:
        raise AddressError("is not valid")
    return int(number)


def _target(names: str) -> str:
    """A standby is of no use to the desk, so of several hosts it looks for the primary."""
    return "read-write" if "," in names else "any"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise AddressError("names no user") from None


def _tls(given: Mapping[str, str]) -> Tls:
    mode = given.get("sslmode")
    if "ssl" in given:
        mode = mode or "require"
    if given.get("sslrootcert") == "system":
        mode = mode or "verify-full"
        if mode != "verify-full":
            raise AddressError("has sslrootcert=system, which needs sslmode=verify-full")
    if given.get("channel_binding") == "require" and mode != "verify-ca":
        # The driver binds no channels. A verified certificate proves as much: who is there.
        mode = "verify-full"
    if mode == "verify-ca" and "sslrootcert" not in given and not Tls.has_root_at_home():
        raise AddressError("has sslmode=verify-ca, which needs sslrootcert; verify-full does not")
    tls = Tls(
        mode=mode or "prefer",
        root=given.get("sslrootcert"),
        certificate=given.get("sslcert"),
        key=given.get("sslkey"),
        password=given.get("sslpassword"),
        shows_certificate=given.get("sslcertmode") != "disable",
        revoked=given.get("sslcrl"),
        revoked_directory=given.get("sslcrldir"),
        oldest=given.get("ssl_min_protocol_version", "TLSv1.2"),
        newest=given.get("ssl_max_protocol_version"),
        is_direct=given.get("sslnegotiation") == "direct",
    )
    if tls.is_direct and not tls.is_required:
        raise AddressError("has sslnegotiation=direct, which needs sslmode=require or more")
    return tls
