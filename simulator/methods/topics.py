"""Topics of forums."""

from typing import Final

from aiogram.methods import (
    CloseForumTopic,
    CreateForumTopic,
    DeleteForumTopic,
    EditForumTopic,
    ReopenForumTopic,
)
from aiogram.types import ForumTopic, ForumTopicCreated

from simulator.accounts import BotAccount
from simulator.chats.groups import GroupChat, Topic
from simulator.errors import bad_request
from simulator.methods.chats import group_of
from simulator.methods.table import Table
from simulator.world import World

_COLOR: Final = 0x6FB9F0
_LONGEST_NAME: Final = 128
_OfTopic = CloseForumTopic | ReopenForumTopic | DeleteForumTopic | EditForumTopic


def create_forum_topic(world: World, bot: BotAccount, call: CreateForumTopic) -> ForumTopic:
    group = _forum(world, bot, call.chat_id)
    if not group.may(bot.id, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = call.name.strip()[:_LONGEST_NAME]
    if not name:
        raise bad_request("name must be non-empty")
    created = ForumTopicCreated(name=name, icon_color=call.icon_color or _COLOR)
    message = world.post(group, bot.user, {"forum_topic_created": created})
    group.topics[message.message_id] = Topic(name, bot.id)
    return ForumTopic(
        message_thread_id=message.message_id, name=name, icon_color=created.icon_color
    )


def edit_forum_topic(world: World, bot: BotAccount, call: EditForumTopic) -> bool:
    group, topic = _topic(world, bot, call)
    _require_own(group, topic, bot, "edit the topic")
    topic.name = (call.name or "").strip()[:_LONGEST_NAME] or topic.name
    return True


def close_forum_topic(world: World, bot: BotAccount, call: CloseForumTopic) -> bool:
    return _set_closed(world, bot, call, closed=True)


def reopen_forum_topic(world: World, bot: BotAccount, call: ReopenForumTopic) -> bool:
    return _set_closed(world, bot, call, closed=False)


def delete_forum_topic(world: World, bot: BotAccount, call: DeleteForumTopic) -> bool:
    group, _ = _topic(world, bot, call)
    if not group.may(bot.id, "can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    world.delete_topic(group, call.message_thread_id)
    return True


def _set_closed(world: World, bot: BotAccount, call: _OfTopic, *, closed: bool) -> bool:
    group, topic = _topic(world, bot, call)
    _require_own(group, topic, bot, "close or open the topic")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    return True


def _topic(world: World, bot: BotAccount, call: _OfTopic) -> tuple[GroupChat, Topic]:
    group = _forum(world, bot, call.chat_id)
    topic = group.topics.get(call.message_thread_id)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return group, topic


def _require_own(group: GroupChat, topic: Topic, bot: BotAccount, act: str) -> None:
    """Raise ApiError unless the bot has opened the topic, or has the right over all of them."""
    if topic.opened_by != bot.id and not group.may(bot.id, "can_manage_topics"):
        raise bad_request(f"not enough rights to {act}")


def _forum(world: World, bot: BotAccount, chat_id: int | str) -> GroupChat:
    group = group_of(world, bot, chat_id)
    if not group.forum:
        raise bad_request("the chat is not a forum")
    return group


HANDLERS: Final[Table] = {
    CreateForumTopic: create_forum_topic,
    EditForumTopic: edit_forum_topic,
    CloseForumTopic: close_forum_topic,
    ReopenForumTopic: reopen_forum_topic,
    DeleteForumTopic: delete_forum_topic,
}
