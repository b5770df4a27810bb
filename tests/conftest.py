"""Where the fixtures of all tests are loaded."""

import gc
from importlib import import_module

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, except where tests are only handed out: importing them takes seconds."""
    if config.getoption("dist", "no") == "no":
        import_module("bot.telegram.on_demand")
        config.pluginmanager.import_plugin("tests.support.fixtures")


def pytest_collection_finish() -> None:
    """What has been imported stays; looking for garbage in it is a sixth of the work."""
    gc.freeze()
