"""Asking the desk that runs on this machine whether it is ready."""

import os
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Final

from bot.settings import Http, SettingsError, complaint, load_settings

_PATIENCE: Final = 3.0
_MOST: Final = 1000
_THIS_MACHINE: Final = "127.0.0.1"
_USAGE_ERROR: Final = 2
_STDOUT: Final = 1
_STDERR: Final = 2


def health() -> int:
    """Print a line that says how the desk is.

    Returns:
        The exit code: 0 if it is ready, 1 if not, 2 for a missing or wrong variable.
    """
    try:
        at = load_settings().http
    except SettingsError as error:
        _print(str(error), to=_STDERR)
        return _USAGE_ERROR
    if at is None:
        _print(complaint("http_port", "is missing"), to=_STDERR)
        return _USAGE_ERROR
    is_ready, words = _asked(at)
    _print(words, to=_STDOUT)
    return 0 if is_ready else 1


def _asked(at: Http) -> tuple[bool, str]:
    host = at.host or _THIS_MACHINE
    connection = HTTPConnection(host, at.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        words = "; ".join(answer.read(_MOST).decode(errors="replace").splitlines())
    except (OSError, HTTPException) as error:
        return False, f"nobody answers at {host} on port {at.port}: {error}"
    finally:
        connection.close()
    return answer.status == HTTPStatus.OK, words


def _print(line: str, *, to: int) -> None:
    # What cannot be written does not change the exit code.
    with suppress(OSError):
        os.write(to, f"{line}\n".encode())
