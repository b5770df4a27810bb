"""A student whom the welcome does not reach, and a group in which the staff reads of it."""

import pytest

from simulator import BotAccount, Group, Telegram
from tests.support.person import Person

STAFF = -1_000_000_000_500


@pytest.fixture
def staff(telegram: Telegram, desk_bot: BotAccount, anna: Person, boris: Person) -> Group:
    group = telegram.add_group(STAFF, "Staff", [anna.account, boris.account])
    group.add(desk_bot)
    return group
