"""Groups: who is in them, who hears what, and what becomes of them."""

import pytest
from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)

from simulator import BotAccount, Group, Person, Telegram
from tests.simulator.rules import source

GROUP_ID = -500
SUPERGROUP_ID = -1_000_000_000_500


@pytest.fixture
def staff(telegram: Telegram, desk: BotAccount, anna: Person) -> Group:
    """A supergroup of Anna's with the bot in it."""
    staff = telegram.add_group(SUPERGROUP_ID, "Staff", [anna])
    staff.add(desk)
    return staff


async def statuses(bot: Bot) -> list[tuple[str, int, str]]:
    """Return the changes of members a bot has been told of, and empty its queue."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    changes = [(u.event_type, u.my_chat_member or u.chat_member) for u in updates]
    return [
        (kind, change.new_chat_member.user.id, change.new_chat_member.status)
        for kind, change in changes
        if change
    ]


async def test_a_bot_writes_to_a_group(bot: Bot, anna: Person, staff: Group) -> None:
    sent = await bot.send_message(staff.id, "hello, all")

    assert (sent.chat.type, sent.chat.title) == ("supergroup", "Staff")
    assert anna.chat(staff)[-1].text == "hello, all"


async def test_a_supergroup_counts_its_own_messages(bot: Bot, staff: Group) -> None:
    sent = await bot.send_message(staff.id, "hello")

    assert sent.message_id == 2


async def test_a_bot_learns_that_it_was_added(bot: Bot, desk: BotAccount, staff: Group) -> None:
    assert await statuses(bot) == [("my_chat_member", desk.id, "member")]


async def test_a_group_the_bot_was_never_in_is_not_found(
    telegram: Telegram, bot: Bot, anna: Person
) -> None:
    group = telegram.add_group(GROUP_ID, "Others", [anna])

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(group.id, "hi")


async def test_a_bot_that_was_thrown_out_is_told_so(
    bot: Bot, desk: BotAccount, staff: Group
) -> None:
    staff.remove(desk)

    assert (await statuses(bot))[-1] == ("my_chat_member", desk.id, "kicked")
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(staff.id, "hi")


async def test_a_bot_that_has_left_is_told_so(bot: Bot, staff: Group) -> None:
    await bot.leave_chat(staff.id)

    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await bot.send_message(staff.id, "hi")


async def test_a_bot_hears_replies_to_itself(
    bot: Bot, desk: BotAccount, anna: Person, staff: Group
) -> None:
    await bot.send_message(staff.id, "any questions?")

    anna.send(staff, "yes", reply_to=anna.chat(staff)[-1])

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.text == "yes"


async def test_an_administrator_hears_everything(
    bot: Bot, desk: BotAccount, anna: Person, staff: Group
) -> None:
    staff.promote(desk)

    anna.send(staff, "just talking")

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.text == "just talking"


async def test_only_administrators_that_ask_learn_who_comes_and_goes(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person, staff: Group
) -> None:
    await bot.get_updates(allowed_updates=["message", "my_chat_member", "chat_member"])
    await statuses(bot)
    staff.add(boris)
    assert await statuses(bot) == []

    staff.promote(desk)
    boris.leave(staff)

    assert await statuses(bot) == [
        ("my_chat_member", desk.id, "administrator"),
        ("chat_member", boris.id, "left"),
    ]


async def test_rights_are_given_one_by_one(bot: Bot, desk: BotAccount, staff: Group) -> None:
    staff.promote(desk, "can_invite_users")

    me = await bot.get_chat_member(staff.id, desk.id)
    assert me.status == ChatMemberStatus.ADMINISTRATOR
    assert getattr(me, "can_invite_users", False)
    assert not getattr(me, "can_manage_topics", True)


async def test_a_bot_counts_and_names_members(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person, staff: Group
) -> None:
    staff.add(boris)
    boris.leave(staff)

    assert await bot.get_chat_member_count(staff.id) == 2
    assert [admin.user.id for admin in await bot.get_chat_administrators(staff.id)] == [anna.id]
    assert (await bot.get_chat_member(staff.id, boris.id)).status == ChatMemberStatus.LEFT


@source("Client::check_chat_access")
async def test_a_group_that_becomes_a_supergroup_has_another_id(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    group = telegram.add_group(GROUP_ID, "Staff", [anna])
    group.add(desk)

    group.upgrade()

    with pytest.raises(TelegramMigrateToChat) as refusal:
        await bot.send_message(GROUP_ID, "hi")
    assert refusal.value.migrate_to_chat_id == group.id == SUPERGROUP_ID
    await bot.send_message(group.id, "hi")
    assert anna.chat(group)[-1].text == "hi"


async def test_a_bot_is_told_of_the_new_id(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    group = telegram.add_group(GROUP_ID, "Staff", [anna])
    group.add(desk)

    group.upgrade()

    old, new = [update.message for update in (await bot.get_updates())[-2:]]
    assert old
    assert new
    assert (old.chat.id, old.migrate_to_chat_id) == (GROUP_ID, SUPERGROUP_ID)
    assert (new.chat.id, new.migrate_from_chat_id) == (SUPERGROUP_ID, GROUP_ID)


async def test_a_bot_deletes_what_others_wrote_only_with_the_right_to(
    bot: Bot, desk: BotAccount, anna: Person, staff: Group
) -> None:
    hers = anna.send(staff, "/oops")
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(staff.id, hers.message_id)

    staff.promote(desk, "can_delete_messages")
    await bot.delete_message(staff.id, hers.message_id)

    assert hers not in anna.chat(staff)


def test_nobody_speaks_in_a_group_they_are_not_in(boris: Person, staff: Group) -> None:
    assert boris.chat(staff) == []
    with pytest.raises(LookupError):
        boris.send(staff, "hi")


async def test_an_anonymous_administrator_speaks_as_the_group(
    bot: Bot, anna: Person, staff: Group
) -> None:
    anna.send(staff, "/pending", anonymous=True)

    message = (await bot.get_updates())[-1].message
    assert message
    assert message.from_user
    assert message.sender_chat
    assert message.from_user.username == "GroupAnonymousBot"
    assert message.sender_chat.id == staff.id


async def test_members_are_told_of_only_on_request(
    bot: Bot, desk: BotAccount, boris: Person, staff: Group
) -> None:
    staff.promote(desk)
    await statuses(bot)

    staff.add(boris)

    assert await statuses(bot) == []


@source("Client 8174, check_chat_access")
@pytest.mark.parametrize(
    ("group_id", "seen"), [(GROUP_ID, True), (SUPERGROUP_ID, False)], ids=["group", "supergroup"]
)
async def test_a_bot_that_has_left_no_longer_sees_a_supergroup(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, group_id: int, seen: bool
) -> None:
    group = telegram.add_group(group_id, "Staff", [anna])
    group.add(desk)
    await bot.leave_chat(group.id)

    if seen:
        assert (await bot.get_chat(group.id)).title == "Staff"
    else:
        with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup"):
            await bot.get_chat(group.id)


@source("MessagesManager 8445")
async def test_the_right_to_delete_reaches_old_messages_of_a_supergroup(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, staff: Group
) -> None:
    hers, own = anna.send(staff, "/old"), await bot.send_message(staff.id, "old too")
    telegram.age(*anna.chat(staff))
    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(staff.id, own.message_id)

    staff.promote(desk, "can_delete_messages")
    await bot.delete_messages(staff.id, [hers.message_id, own.message_id])

    assert not {"/old", "old too"} & {message.text for message in anna.chat(staff)}


@source("Client::process_get_chat_administrators_query")
async def test_other_bots_are_no_administrators_unless_asked_for(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, staff: Group
) -> None:
    other = telegram.add_bot("1002:x", username="other_bot", name="Other")
    for one in (desk, other):
        staff.add(one)
        staff.promote(one)

    some = await bot.get_chat_administrators(staff.id)
    every = await bot.get_chat_administrators(staff.id, return_bots=True)

    assert [admin.user.id for admin in some] == [anna.id, desk.id]
    assert [admin.user.id for admin in every] == [anna.id, desk.id, other.id]


@source("Client::process_get_chat_administrators_query; DialogParticipantManager")
async def test_a_private_chat_is_no_group(bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="there are no administrators in the private"):
        await bot.get_chat_administrators(anna.id)
    with pytest.raises(TelegramBadRequest, match="can't leave private chats"):
        await bot.leave_chat(anna.id)
    with pytest.raises(TelegramBadRequest, match="can't ban members in private chats"):
        await bot.ban_chat_member(anna.id, anna.id)
