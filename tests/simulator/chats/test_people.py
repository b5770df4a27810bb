"""What people do to bots, and how the bots learn of it."""

import pytest
from aiogram import Bot
from aiogram.enums import ChatMemberStatus

from simulator import BotAccount, Person, Telegram


async def test_a_deep_link_carries_a_payload(bot: Bot, desk: BotAccount, boris: Person) -> None:
    message = boris.start(desk, "stream-7")

    assert message.text == "/start stream-7"
    with pytest.raises(ValueError, match="deep link"):
        boris.start(desk, "not a payload")


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("block", ChatMemberStatus.MEMBER, ChatMemberStatus.KICKED),
        ("unblock", ChatMemberStatus.KICKED, ChatMemberStatus.MEMBER),
    ],
)
async def test_a_bot_learns_that_it_is_blocked_and_unblocked(
    bot: Bot, desk: BotAccount, anna: Person, act: str, before: str, after: str
) -> None:
    if act == "unblock":
        anna.block(desk)

    getattr(anna, act)(desk)

    change = (await bot.get_updates())[-1].my_chat_member
    assert change
    assert (change.old_chat_member.status, change.new_chat_member.status) == (before, after)
    assert (change.chat.id, change.from_user.id) == (anna.id, anna.id)


async def test_start_unblocks_first(bot: Bot, desk: BotAccount, anna: Person) -> None:
    anna.block(desk)

    anna.start(desk)

    kinds = [update.event_type for update in await bot.get_updates()]
    assert kinds[-3:] == ["my_chat_member", "my_chat_member", "message"]


async def test_blocking_twice_is_blocking_once(bot: Bot, desk: BotAccount, anna: Person) -> None:
    anna.block(desk)
    anna.block(desk)

    assert len(await bot.get_updates()) == 2


def test_nobody_writes_to_a_bot_they_have_blocked(desk: BotAccount, anna: Person) -> None:
    anna.block(desk)

    with pytest.raises(RuntimeError, match="blocked"):
        anna.send(desk, "hi")


def test_nobody_without_an_account_does_anything(desk: BotAccount, anna: Person) -> None:
    anna.delete_account()

    with pytest.raises(RuntimeError, match="no account"):
        anna.send(desk, "hi")


async def test_a_bot_learns_that_a_message_was_edited(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    sent = anna.send(desk, "tpyo")

    anna.edit(desk, sent.message_id, "typo")

    edited = (await bot.get_updates())[-1].edited_message
    assert edited
    assert (edited.message_id, edited.text) == (sent.message_id, "typo")
    assert anna.chat(desk)[-1].text == "typo"


async def test_a_bot_does_not_learn_that_a_message_was_deleted(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    sent = anna.send(desk, "oops")

    anna.delete(desk, sent.message_id)

    assert sent not in anna.chat(desk)
    assert len(await bot.get_updates()) == 2


def test_a_message_that_was_looked_at_does_not_change(desk: BotAccount, anna: Person) -> None:
    before = anna.send(desk, "one")

    anna.edit(desk, before.message_id, "two")

    assert before.text == "one"


def test_an_id_belongs_to_one_person(telegram: Telegram, anna: Person) -> None:
    with pytest.raises(ValueError, match="somebody else"):
        telegram.add_person(anna.id, "Other")
