"""The search of a test's database."""

import pytest

from bot.services.access import Desk
from bot.services.lists.search import SearchService
from tests.db.lists.finding import NO_GRACE


@pytest.fixture
def search(desk: Desk) -> SearchService:
    return SearchService(desk, grace=NO_GRACE)
