"""What a bot in privacy mode hears of a group."""

from collections.abc import Callable

import pytest
from aiogram import Bot

from simulator import BotAccount, Group, Person, Telegram
from tests.simulator.requests.test_uploads import JPEG

Act = Callable[[Person, Group], object]


@pytest.fixture
async def staff(telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person) -> Group:
    """A group with the bot in it, of which the bot has heard nothing yet."""
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna])
    staff.add(desk)
    await bot.delete_webhook(drop_pending_updates=True)
    return staff


def says(text: str) -> Act:
    return lambda person, group: person.send(group, text)


def shows(caption: str) -> Act:
    return lambda person, group: person.send_photo(group, JPEG, caption=caption)


@pytest.mark.parametrize(
    ("act", "heard"),
    [
        (says("just talking"), False),
        (says("ask @school_desk_bot"), True),
        (says("ask @School_Desk_Bot"), True),
        (says("ask @school_desk_bots"), False),
        (says("/start@School_Desk_Bot now"), True),
        (says("/start@other_bot"), False),
        (says("/start\nnow"), True),
        (shows(""), False),
        (shows("for @school_desk_bot"), True),
        (lambda person, group: person.send_document(group, b"x", "x.txt"), False),
        (lambda person, group: person.send_contact(group, "Vera"), False),
        (lambda _, group: group.open_topic("Bookings"), True),
    ],
    ids=[
        *("talk", "mention", "mention in capitals", "mention of another", "command in capitals"),
        *("command of another", "command on a line", "photo", "photo with a mention", "file"),
        *("contact", "service message"),
    ],
)
async def test_a_bot_hears_what_is_meant_for_it_and_what_happens(
    bot: Bot, anna: Person, staff: Group, act: Act, heard: bool
) -> None:
    act(anna, staff)

    assert bool(await bot.get_updates()) is heard
