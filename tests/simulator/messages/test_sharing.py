"""People whom somebody chooses for a button that asks for them."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup

from simulator import BotAccount, Person, Telegram


def asking(**fields: Any) -> ReplyKeyboardMarkup:
    request = KeyboardButtonRequestUsers(request_id=7, **fields)
    button = KeyboardButton(text="Whom?", request_users=request)
    return ReplyKeyboardMarkup(keyboard=[[button]])


@pytest.mark.parametrize("told", [True, False])
async def test_a_bot_is_told_whom_somebody_chose_and_their_names_if_it_asked_for_them(
    bot: Bot, telegram: Telegram, desk: BotAccount, anna: Person, told: bool
) -> None:
    olga = telegram.add_person(14, "Olga", last_name="Petrova", username="olga_p")
    keyboard = asking(request_name=told, request_username=told)
    await bot.send_message(anna.id, "Whom?", reply_markup=keyboard)

    anna.share_users(desk, [olga])

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.users_shared
    assert message.users_shared.request_id == 7
    [shared] = message.users_shared.users
    names = (shared.first_name, shared.last_name, shared.username)
    assert names == (("Olga", "Petrova", "olga_p") if told else (None, None, None))
    assert shared.user_id == olga.id


async def test_nobody_is_shared_who_was_not_asked_for(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    with pytest.raises(LookupError):
        anna.share_users(desk, [anna])

    await bot.send_message(anna.id, "Whom?", reply_markup=asking(max_quantity=1))
    with pytest.raises(ValueError, match="1 to 1"):
        anna.share_users(desk, [anna, anna])
