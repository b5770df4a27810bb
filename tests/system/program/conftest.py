"""The program as a school runs it."""

import pytest

from simulator import BotAccount
from tests.support.school import ANNA_ID, DESK_TOKEN
from tests.system.program.variables import Variables


@pytest.fixture
def variables(telegram_url: str, desk_bot: BotAccount) -> Variables:
    """Return the variables of `make run`, and the address of Telegram."""
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "TELEGRAM_API_URL": telegram_url,
        "UNDO_SECONDS": "0",
        "ANNOUNCE_BOOKINGS": "false",
    }
