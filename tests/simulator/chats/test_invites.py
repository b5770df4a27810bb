"""Invite links, and those who ask to be let in."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from simulator import BotAccount, Group, Person, Telegram
from tests.simulator.rules import source

EVERYTHING = ["message", "chat_member", "my_chat_member", "chat_join_request"]


@pytest.fixture
async def group(telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person) -> Group:
    """A group the bot may invite to, and of which it hears everything."""
    group = telegram.add_group(-1_000_000_000_700, "Stream", [anna])
    group.add(desk)
    group.promote(desk, "can_invite_users", "can_restrict_members")
    await bot.get_updates(offset=-1, allowed_updates=EVERYTHING)
    return group


async def test_a_link_leads_into_the_group(bot: Bot, boris: Person, group: Group) -> None:
    link = await bot.create_chat_invite_link(group.id, name="Boris")

    assert boris.join(link.invite_link)

    assert boris.chat(group)
    joined = next(u.chat_member for u in await bot.get_updates() if u.chat_member)
    assert joined.new_chat_member.user.id == boris.id
    assert joined.invite_link
    assert joined.invite_link.name == "Boris"


async def test_a_link_for_one_is_used_up_until_that_one_leaves(
    telegram: Telegram, bot: Bot, boris: Person, group: Group
) -> None:
    vera = telegram.add_person(3, "Vera")
    link = await bot.create_chat_invite_link(group.id, member_limit=1)
    boris.join(link.invite_link)
    with pytest.raises(LookupError):
        vera.join(link.invite_link)

    boris.leave(group)

    assert vera.join(link.invite_link)


async def test_a_revoked_link_leads_nowhere(bot: Bot, boris: Person, group: Group) -> None:
    link = await bot.create_chat_invite_link(group.id)

    revoked = await bot.revoke_chat_invite_link(group.id, link.invite_link)

    assert revoked.is_revoked
    with pytest.raises(LookupError):
        boris.join(link.invite_link)


async def test_a_link_expires(telegram: Telegram, bot: Bot, boris: Person, group: Group) -> None:
    link = await bot.create_chat_invite_link(group.id, expire_date=timedelta(hours=1))

    telegram.clock.advance(timedelta(hours=2))

    with pytest.raises(LookupError):
        boris.join(link.invite_link)


async def test_a_link_cannot_both_ask_and_be_limited(bot: Bot, group: Group) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.create_chat_invite_link(group.id, member_limit=1, creates_join_request=True)

    assert refusal.value.message == (
        "Bad Request: member limit can't be specified for links requiring administrator approval"
    )


async def test_links_need_a_right(bot: Bot, desk: BotAccount, group: Group) -> None:
    group.promote(desk)

    with pytest.raises(TelegramBadRequest, match="not enough rights to manage chat invite link"):
        await bot.create_chat_invite_link(group.id)


@source("DialogInviteLinkManager")
async def test_a_name_is_cut_to_32_characters(bot: Bot, group: Group) -> None:
    link = await bot.create_chat_invite_link(group.id, name="x" * 33)

    assert link.name == "x" * 32


@source("DialogParticipantManager")
async def test_answering_who_asks_needs_a_right(
    bot: Bot, desk: BotAccount, boris: Person, group: Group
) -> None:
    group.promote(desk)

    for answer in (bot.approve_chat_join_request, bot.decline_chat_join_request):
        with pytest.raises(TelegramBadRequest) as refusal:
            await answer(group.id, boris.id)
        assert refusal.value.message == (
            "Bad Request: not enough rights to manage chat join requests"
        )


async def test_someone_asks_and_is_let_in(bot: Bot, boris: Person, group: Group) -> None:
    link = await bot.create_chat_invite_link(group.id, creates_join_request=True)

    assert not boris.join(link.invite_link)

    asked = (await bot.get_updates())[-1].chat_join_request
    assert asked
    assert (asked.from_user.id, asked.user_chat_id) == (boris.id, boris.id)
    assert not boris.chat(group)
    await asked.approve().as_(bot)
    assert boris.chat(group)
    joined = next(u.chat_member for u in await bot.get_updates() if u.chat_member)
    assert joined.via_join_request


async def test_someone_asks_and_is_not_let_in(bot: Bot, boris: Person, group: Group) -> None:
    link = await bot.create_chat_invite_link(group.id, creates_join_request=True)
    boris.join(link.invite_link)

    await bot.decline_chat_join_request(group.id, boris.id)

    assert not boris.chat(group)
    with pytest.raises(TelegramBadRequest, match="HIDE_REQUESTER_MISSING"):
        await bot.approve_chat_join_request(group.id, boris.id)


async def test_a_member_is_not_let_in_again(bot: Bot, anna: Person, group: Group) -> None:
    with pytest.raises(TelegramBadRequest, match="USER_ALREADY_PARTICIPANT"):
        await bot.approve_chat_join_request(group.id, anna.id)


async def test_a_bot_may_write_to_someone_who_asks_for_five_minutes(
    telegram: Telegram, bot: Bot, desk: BotAccount, boris: Person, group: Group
) -> None:
    link = await bot.create_chat_invite_link(group.id, creates_join_request=True)
    vera = telegram.add_person(3, "Vera")
    boris.join(link.invite_link)
    vera.join(link.invite_link)

    await bot.send_message(boris.id, "which stream are you in?")
    telegram.clock.advance(timedelta(minutes=6))

    assert boris.chat(desk)
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_message(vera.id, "which stream are you in?")


async def test_someone_who_is_banned_does_not_come_back(
    bot: Bot, boris: Person, group: Group
) -> None:
    link = await bot.create_chat_invite_link(group.id)
    boris.join(link.invite_link)

    await bot.ban_chat_member(group.id, boris.id)

    with pytest.raises(RuntimeError, match="banned"):
        boris.join(link.invite_link)


async def test_someone_whose_ban_was_lifted_may_come_back(
    bot: Bot, boris: Person, group: Group
) -> None:
    link = await bot.create_chat_invite_link(group.id)
    boris.join(link.invite_link)
    await bot.ban_chat_member(group.id, boris.id)

    await bot.unban_chat_member(group.id, boris.id, only_if_banned=True)

    assert boris.join(link.invite_link)


async def test_a_link_is_revoked_by_the_bot_that_made_it(
    telegram: Telegram, bot: Bot, group: Group
) -> None:
    other = telegram.add_bot("1002:other-token", username="other_bot", name="Other")
    group.add(other)
    group.promote(other, "can_invite_users")
    link = await bot.create_chat_invite_link(group.id)

    with pytest.raises(TelegramBadRequest, match="INVITE_HASH_EXPIRED"):
        await Bot(other.token, bot.session).revoke_chat_invite_link(group.id, link.invite_link)
