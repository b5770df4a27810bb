"""What tests of migrations share."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from db.connection import Connection

Connect = Callable[[], Awaitable[Connection]]
Write = Callable[..., Path]
