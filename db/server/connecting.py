"""Opening sessions at an address: which of its hosts, with TLS or without, and for how long."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Final

import asyncpg

from db.errors import reason_of
from db.server.address import Address, AddressError, Host

_NEXT_HOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TargetServerAttributeNotMatched,
)
"""Errors of one host, after which another may serve; a wrong password is wrong everywhere."""
_OTHER_WAY: Final = (
    ConnectionError,
    ssl.SSLError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InvalidAuthorizationSpecificationError,
)
"""Errors after which the server may let in whoever comes without TLS, or with it."""
_OPTIONS: Final[Mapping[str, tuple[int, str]]] = {
    "keepalives": (socket.SOL_SOCKET, "SO_KEEPALIVE"),
    "keepalives_idle": (socket.IPPROTO_TCP, "TCP_KEEPIDLE"),
    "keepalives_interval": (socket.IPPROTO_TCP, "TCP_KEEPINTVL"),
    "keepalives_count": (socket.IPPROTO_TCP, "TCP_KEEPCNT"),
    "tcp_user_timeout": (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT"),
}


class Session(asyncpg.Connection):
    """A connection to PostgreSQL that knows its socket."""

    @property
    def tls_version(self) -> str | None:
        """The version of TLS, such as "TLSv1.3"; None without TLS."""
        secured = self._transport.get_extra_info("ssl_object")
        return None if secured is None else secured.version()

    def keep_alive(self, parameters: Mapping[str, int]) -> None:
        wire = self._transport.get_extra_info("socket")
        for name, value in {"keepalives": 1, **parameters}.items():
            level, option = _OPTIONS[name]
            # A system that lacks an option keeps its default.
            if hasattr(socket, option) and (value > 0 or name == "keepalives"):
                wire.setsockopt(level, getattr(socket, option), value)


class Connector:
    """Opens sessions at an address, first at the host that has served last."""

    def __init__(self, address: Address) -> None:
        """Read the files that the address names.

        Raises:
            AddressError: one cannot be used.
        """
        self.address: Final = address
        self._served = address.hosts[0]
        try:
            self._attempts = address.tls.attempts()
        except (OSError, ValueError) as error:
            raise AddressError(f"names certificates that cannot be used: {error}") from error

    async def connect(self, *, seconds: float, name: str = "", **options: object) -> Session:
        """Open a session with asyncpg's options.

        Args:
            seconds: For all hosts together.
            name: Of the application, as PostgreSQL shows it.
            options: What asyncpg.connect() takes besides where to connect.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InternalClientError: none serves.
        """
        hosts = sorted(self.address.hosts, key=lambda host: host != self._served)
        settings = {"application_name": name, "options": self.address.options}
        given = {name: value for name, value in settings.items() if value}
        limit = min(seconds / len(hosts), self.address.seconds or seconds)
        failures: list[tuple[Host, Exception]] = []
        for host in hosts:
            try:
                async with asyncio.timeout(limit):
                    session = await self._enter(host, {**options, "server_settings": given})
            except _NEXT_HOST as error:
                failures.append((host, error))
            else:
                self._served = host
                return session
        if len(failures) == 1:
            raise failures[0][1]
        raise ConnectionError("; ".join(f"{host}: {_why(error)}" for host, error in failures))

    async def _enter(self, host: Host, options: Mapping[str, object]) -> Session:
        """Try with TLS and without, as the address says."""
        *others, last = self._attempts if not host.is_socket else [None]
        for attempt in others:
            try:
                return await self._open(host, attempt, options)
            except _OTHER_WAY as error:
                if isinstance(error, asyncpg.InvalidPasswordError):
                    raise
        return await self._open(host, last, options)

    async def _open(
        self, host: Host, tls: ssl.SSLContext | None, options: Mapping[str, object]
    ) -> Session:
        at = self.address
        # What is left out asyncpg would read from variables, which may be another program's.
        known = {
            "host": host.name,
            "port": host.port,
            "user": at.user,
            "password": at.password,
            "passfile": at.passfile,
            "database": at.database,
            "ssl": tls or False,
            "direct_tls": at.tls.is_direct,
            "target_session_attrs": at.target,
            "krbsrvname": at.krbsrvname,
            "gsslib": "gssapi",
            "timeout": None,
            "connection_class": Session,
        }
        try:
            session: Session = await asyncpg.connect(**{**options, **known})
        except ssl.SSLCertVerificationError as error:
            raise ConnectionAbortedError(
                f"the certificate of {host} is not valid here: {error.verify_message};"
                " sslrootcert=FILE names a root to trust"
            ) from error
        if not host.is_socket:
            session.keep_alive(at.keepalives)
        return session


def _why(error: Exception) -> str:
    match error:
        case asyncpg.TargetServerAttributeNotMatched():
            return "a standby, or it takes no changes"
        case TimeoutError():
            return "no answer"
        case _:
            return reason_of(error)
