"""Who runs which tests, and the names that they share."""

import gc
from collections.abc import Awaitable, Callable

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

DESK_TOKEN = "1001:desk-token-of-the-tests"
ANNA_ID, BORIS_ID, VERA_ID = 11, 12, 13

MakeBooking = Callable[..., Awaitable[int]]


class OneBrowser(LoadFileScheduling):
    """Hand out file by file, but all of the browser's at once: one browser and one demo do."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser:
    return OneBrowser(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, except where tests are only handed out: importing them takes seconds."""
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.fixtures")


def pytest_collection_finish() -> None:
    """What has been imported stays; looking for garbage in it is a sixth of the work."""
    gc.freeze()
