"""What people pass on: messages and contacts."""

import pytest
from aiogram import Bot
from aiogram.types import (
    Message,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from simulator import BotAccount, Person
from tests.simulator.values import png


async def newest(bot: Bot) -> Message:
    message = (await bot.get_updates())[-1].message
    assert message
    return message


@pytest.mark.parametrize("hidden", [True, False])
async def test_a_picture_is_passed_on_with_its_caption_and_its_author(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person, hidden: bool
) -> None:
    receipt = boris.send_photo(desk, png(4, 3), caption="my receipt")

    anna.forward(desk, receipt, hidden=hidden)

    message = await newest(bot)
    assert message.photo
    assert receipt.photo
    assert message.photo[-1].file_id == receipt.photo.file_id
    assert message.caption == "my receipt"
    origin = message.forward_origin
    if hidden:
        assert isinstance(origin, MessageOriginHiddenUser)
        assert origin.sender_user_name == boris.name
    else:
        assert isinstance(origin, MessageOriginUser)
        assert origin.sender_user.id == boris.id


async def test_what_is_passed_on_twice_keeps_its_first_author(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person
) -> None:
    once = boris.forward(desk, anna.send(desk, "hello"))

    boris.forward(desk, once)

    origin = (await newest(bot)).forward_origin
    assert isinstance(origin, MessageOriginUser)
    assert origin.sender_user.id == anna.id


@pytest.mark.parametrize("on_telegram", [True, False])
async def test_a_contact_is_shared_with_its_account_if_there_is_one(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person, on_telegram: bool
) -> None:
    anna.send_contact(desk, "Boris", user_id=boris.id if on_telegram else None)

    contact = (await newest(bot)).contact
    assert contact
    assert (contact.first_name, contact.user_id) == ("Boris", boris.id if on_telegram else None)
