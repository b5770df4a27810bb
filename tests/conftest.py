"""Who runs which tests, and the names that they share."""

import gc
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

DESK_TOKEN = "1001:desk-token-of-the-tests"
ANNA_ID, BORIS_ID, VERA_ID = 11, 12, 13

_BROWSER: Final = "tests/browser/"

MakeBooking = Callable[..., Awaitable[int]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests together, and all of the browser's: one browser and one demo do."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        browser = file.startswith(_BROWSER)
        item.add_marker(pytest.mark.xdist_group(_BROWSER if browser else file))


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, except where tests are only handed out: importing them takes seconds."""
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.fixtures")


def pytest_collection_finish() -> None:
    """What has been imported stays; looking for garbage in it is a sixth of the work."""
    gc.freeze()
