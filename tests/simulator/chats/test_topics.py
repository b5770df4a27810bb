"""Topics of forums."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from simulator import BotAccount, Group, Person, Telegram
from tests.simulator.rules import source


@pytest.fixture
def forum(telegram: Telegram, desk: BotAccount, anna: Person) -> Group:
    forum = telegram.add_group(-1_000_000_000_600, "Staff", [anna], forum=True)
    forum.add(desk)
    return forum


async def test_a_bot_writes_in_a_topic(bot: Bot, anna: Person, forum: Group) -> None:
    topic = forum.open_topic("Bookings")

    sent = await bot.send_message(forum.id, "hi", message_thread_id=topic)

    assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)


async def test_a_topic_that_is_not_there_is_not_found(bot: Bot, forum: Group) -> None:
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(forum.id, "hi", message_thread_id=77)


async def test_a_private_chat_has_no_topics(bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(anna.id, "hi", message_thread_id=1)


@source("Client 8280, check_reply_parameters")
async def test_a_group_without_topics_takes_a_message_wherever_it_was_sent(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    group = telegram.add_group(-1_000_000_000_601, "Staff", [anna])
    group.add(desk)

    assert (await bot.send_message(group.id, "hi", message_thread_id=77)).message_thread_id is None


async def test_a_closed_topic_takes_messages_only_from_those_in_charge(
    bot: Bot, desk: BotAccount, forum: Group
) -> None:
    topic = forum.open_topic("Bookings")
    forum.close_topic(topic)
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await bot.send_message(forum.id, "hi", message_thread_id=topic)

    forum.promote(desk, "can_manage_topics")
    await bot.send_message(forum.id, "hi", message_thread_id=topic)


async def test_a_topic_is_opened_again(bot: Bot, forum: Group) -> None:
    topic = forum.open_topic("Bookings")
    forum.close_topic(topic)

    forum.reopen_topic(topic)

    await bot.send_message(forum.id, "hi", message_thread_id=topic)


async def test_a_deleted_topic_takes_its_messages_along(
    bot: Bot, anna: Person, forum: Group
) -> None:
    topic = forum.open_topic("Bookings")
    anna.send(forum, "in the topic", topic=topic)
    anna.send(forum, "elsewhere")

    forum.delete_topic(topic)

    texts = [message.text for message in anna.chat(forum)]
    assert "in the topic" not in texts
    assert "elsewhere" in texts
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(forum.id, "hi", message_thread_id=topic)


async def test_a_bot_with_the_right_runs_topics_itself(
    bot: Bot, desk: BotAccount, forum: Group
) -> None:
    with pytest.raises(TelegramBadRequest, match="not enough rights to create a topic"):
        await bot.create_forum_topic(forum.id, "Bookings")
    forum.promote(desk, "can_manage_topics", "can_delete_messages")

    topic = await bot.create_forum_topic(forum.id, "Bookings")
    thread = topic.message_thread_id
    await bot.close_forum_topic(forum.id, thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(forum.id, thread)
    await bot.reopen_forum_topic(forum.id, thread)
    await bot.delete_forum_topic(forum.id, thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.delete_forum_topic(forum.id, thread)


@source("ForumTopicManager::delete_forum_topic")
async def test_a_topic_of_others_is_run_and_deleted_with_a_right_each(
    bot: Bot, desk: BotAccount, forum: Group
) -> None:
    topic = forum.open_topic("Bookings")
    with pytest.raises(TelegramBadRequest, match="rights to close or open the topic"):
        await bot.close_forum_topic(forum.id, topic)

    forum.promote(desk, "can_manage_topics")
    await bot.close_forum_topic(forum.id, topic)
    with pytest.raises(TelegramBadRequest, match="rights to delete the topic"):
        await bot.delete_forum_topic(forum.id, topic)

    forum.promote(desk, "can_delete_messages")
    await bot.delete_forum_topic(forum.id, topic)


@source("ForumTopicManager")
async def test_a_topic_has_a_name_of_128_characters_at_most(
    bot: Bot, desk: BotAccount, forum: Group
) -> None:
    forum.promote(desk, "can_manage_topics")

    assert (await bot.create_forum_topic(forum.id, "x" * 129)).name == "x" * 128
    with pytest.raises(TelegramBadRequest, match="name must be non-empty"):
        await bot.create_forum_topic(forum.id, " ")


async def test_only_a_forum_has_topics(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    group = telegram.add_group(-1_000_000_000_601, "Staff", [anna])
    group.add(desk)

    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(group.id, "Bookings")
