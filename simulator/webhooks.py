"""Where a bot wants its updates pushed."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from simulator.errors import bad_request

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS: Final = {None, 80, 88, 443, 8443}


@dataclass(eq=False)
class Webhook:
    """An address, and how it has been answering."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    failed_at: datetime | None = None
    failure: str | None = None

    def __post_init__(self) -> None:
        if self.secret_token is not None and not _SECRET.fullmatch(self.secret_token):
            raise bad_request("secret token contains unallowed characters")
        if not 1 <= self.max_connections <= 100:
            raise bad_request("max_connections must be between 1 and 100")
        parts = urlsplit(self.url)
        if _is_local(parts.hostname):
            return
        if parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if parts.port not in _PORTS:
            raise bad_request(
                "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
            )


def _is_local(host: str | None) -> bool:
    """Return whether a host is this machine, where any scheme and port will do."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
