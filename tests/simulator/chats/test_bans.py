"""Throwing people out of groups, and letting them come back."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from simulator import BotAccount, Group, Person, Telegram
from tests.simulator.rules import source


@pytest.fixture
def staff(telegram: Telegram, desk: BotAccount, anna: Person) -> Group:
    """A supergroup of Anna's with the bot in it."""
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna])
    staff.add(desk)
    return staff


async def test_banning_needs_a_right(
    bot: Bot, desk: BotAccount, boris: Person, staff: Group
) -> None:
    staff.add(boris)
    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await bot.ban_chat_member(staff.id, boris.id)

    staff.promote(desk, "can_restrict_members")
    await bot.ban_chat_member(staff.id, boris.id)

    assert boris.chat(staff) == []


async def test_unbanning_throws_members_out_unless_told_otherwise(
    bot: Bot, desk: BotAccount, boris: Person, staff: Group
) -> None:
    staff.promote(desk, "can_restrict_members")
    staff.add(boris)

    await bot.unban_chat_member(staff.id, boris.id, only_if_banned=True)
    assert boris.chat(staff)

    await bot.unban_chat_member(staff.id, boris.id)
    assert not boris.chat(staff)


@source("DialogParticipantManager")
async def test_some_people_stay(bot: Bot, desk: BotAccount, anna: Person, staff: Group) -> None:
    staff.promote(desk, "can_restrict_members")

    with pytest.raises(TelegramBadRequest, match="can't remove chat owner"):
        await bot.ban_chat_member(staff.id, anna.id)
    with pytest.raises(TelegramBadRequest, match="can't restrict self"):
        await bot.ban_chat_member(staff.id, desk.id)


@source("Client::process_unban_chat_member_query")
async def test_bans_are_lifted_in_supergroups_only(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, boris: Person
) -> None:
    group = telegram.add_group(-500, "Staff", [anna])
    group.add(desk)

    with pytest.raises(TelegramBadRequest, match="for supergroup and channel chats only"):
        await bot.unban_chat_member(group.id, boris.id)
