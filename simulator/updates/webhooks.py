"""Where a bot wants its updates pushed."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

from simulator.errors import bad_request

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]+")
_PORTS: Final = {None, 80, 88, 443, 8443}


@dataclass(eq=False)
class Webhook:
    """An address, and how it has been answering."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    failed_at: datetime | None = None
    failure: str | None = None

    def asks_for_the_same(self, other: "Webhook") -> bool:
        """Return whether another one changes nothing."""
        mine = self.url, self.secret_token, self.max_connections
        return mine == (other.url, other.secret_token, other.max_connections)

    def __post_init__(self) -> None:
        if len(self.secret_token or "") > 256:
            raise bad_request("secret token is too long")
        if self.secret_token is not None and not _SECRET.fullmatch(self.secret_token):
            raise bad_request("secret token contains unallowed characters")
        parts, port = _parse(self.url)
        if _is_local(parts.hostname):
            return
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if port not in _PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )


def _parse(url: str) -> tuple[SplitResult, int | None]:
    """Return a URL and its port.

    Raises:
        ApiError: it is no URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if not parts.hostname or any(map(str.isspace, parts.hostname)):
        raise bad_request("invalid webhook URL specified")
    return parts, port


def _is_local(host: str | None) -> bool:
    """Return whether a host is this machine, where any scheme and port will do."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
