"""An admin who sends files."""

import pytest

from simulator import BotAccount
from tests.support.person import Person


class Send:
    """Anna sends a file."""

    def __init__(self, anna: Person, bot: BotAccount) -> None:
        self._anna = anna
        self._bot = bot

    async def __call__(self, content: str | bytes, *shows: str, name: str = "new.csv") -> None:
        encoded = content.encode() if isinstance(content, str) else content
        self._anna.account.send_document(self._bot, encoded, name)
        await self._anna.sees(*shows)


@pytest.fixture
def send(anna: Person, desk_bot: BotAccount) -> Send:
    return Send(anna, desk_bot)
