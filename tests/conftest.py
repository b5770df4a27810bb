"""The names that tests share, and where their fixtures are loaded."""

import gc
from collections.abc import Awaitable, Callable

import pytest

DESK_TOKEN = "1001:desk-token-of-the-tests"
ANNA_ID, BORIS_ID, VERA_ID = 11, 12, 13

MakeBooking = Callable[..., Awaitable[int]]


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, except where tests are only handed out: importing them takes seconds."""
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.fixtures")


def pytest_collection_finish() -> None:
    """What has been imported stays; looking for garbage in it is a sixth of the work."""
    gc.freeze()
