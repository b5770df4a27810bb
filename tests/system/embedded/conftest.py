"""A database that comes with the program."""

from pathlib import Path

import pytest

from db.embedded import embedded_postgres


@pytest.fixture(scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that the tests of this module share, one after the other."""
    path = tmp_path_factory.mktemp("home")
    async with embedded_postgres(path):
        return path
