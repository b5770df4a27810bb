"""TLS to PostgreSQL, by the rules of libpq."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_ROOT: Final = "root.crt"
_SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What an address says of TLS; files are read by `attempts`."""

    mode: str
    """One of libpq's `sslmode`."""
    root: str | None
    """A file of certificates; "system" or None for those of the system or in the home."""
    certificate: str | None
    key: str | None
    password: str | None = field(repr=False)
    shows_certificate: bool
    revoked: str | None
    revoked_directory: str | None
    oldest: str
    newest: str | None
    is_direct: bool
    """Whether TLS begins at once, as of PostgreSQL 17."""

    @property
    def is_required(self) -> bool:
        return self.mode in {"require", "verify-ca", "verify-full"}

    @property
    def verifies(self) -> bool:
        """Whether the server's certificate must be valid; its name counts for `verify-full`."""
        if self.mode == "require":
            # As for libpq: a file of certificates is not given for nothing.
            return self.root is not None or self.has_root_at_home()
        return self.is_required

    @staticmethod
    def has_root_at_home() -> bool:
        return _at_home(_ROOT) is not None

    def attempts(self) -> Sequence[ssl.SSLContext | None]:
        """Return how to connect, the next after a failure; None is without TLS.

        Raises:
            OSError: a file cannot be read, or is none of its kind.
        """
        match self.mode:
            case "disable":
                return [None]
            case "allow":
                return [None, self._context()]
            case "prefer":
                return [self._context(), None]
            case _:
                return [self._context()]

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = _version(self.oldest)
        if self.newest is not None:
            context.maximum_version = _version(self.newest)
        context.set_alpn_protocols(["postgresql"])
        context.check_hostname = self.mode == "verify-full"
        if self.verifies:
            self._trust(context)
        else:
            context.verify_mode = ssl.CERT_NONE
        self._show(context)
        return context

    def _trust(self, context: ssl.SSLContext) -> None:
        root = self.root or _at_home(_ROOT)
        if root is None or root == _SYSTEM:
            context.load_default_certs(ssl.Purpose.SERVER_AUTH)
        else:
            context.load_verify_locations(cafile=root)
        revoked = self.revoked or _at_home("root.crl")
        if revoked is not None or self.revoked_directory is not None:
            context.load_verify_locations(cafile=revoked, capath=self.revoked_directory)
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN

    def _show(self, context: ssl.SSLContext) -> None:
        """Show the server a certificate of ours, if there is one."""
        certificate = self.certificate or _at_home("postgresql.crt")
        if certificate is not None and self.shows_certificate:
            key = self.key or _at_home("postgresql.key")
            # Without a function, OpenSSL would ask for the password in the terminal.
            context.load_cert_chain(certificate, key, password=lambda: self.password or "")


def _version(name: str) -> ssl.TLSVersion:
    return ssl.TLSVersion[name.replace(".", "_")]


def _at_home(name: str) -> str | None:
    try:
        file = Path.home() / ".postgresql" / name
        return str(file) if file.is_file() else None
    except (OSError, RuntimeError):
        # A user without a home, or one that may not look there.
        return None
