"""Settings from the variables of one test."""

from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from tests.unit.settings.loading import VALID, Load


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Load the settings from only these variables: `load(TIMEZONE="UTC")`."""
    monkeypatch.chdir(tmp_path)

    def load(**variables: str) -> Settings:
        for name, value in (VALID | variables).items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load
