"""Groups, as those who own them run them."""

from typing import Protocol

from aiogram.enums import UpdateType
from aiogram.types import ChatMemberMember, ForumTopicClosed, ForumTopicCreated, ForumTopicReopened

from simulator.accounts import Account, BotAccount
from simulator.chats.groups import GroupChat, Topic
from simulator.chats.members import administrator, change, enter, leave
from simulator.world import World


class Someone(Protocol):
    """A person, whatever else they can do."""

    @property
    def account(self) -> Account: ...


Who = Someone | BotAccount


class Group:
    """A group; all that happens here is done by its owner."""

    def __init__(self, world: World, chat: GroupChat, owner: Account) -> None:
        self.chat = chat
        self._world = world
        self._owner = owner

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def title(self) -> str:
        return self.chat.title

    def add(self, who: Who) -> None:
        """Bring someone in."""
        if isinstance(who, BotAccount):
            self.chat.bots[who.id] = who
        enter(self._world, self.chat, _account(who).user, by=self._owner.user)

    def remove(self, who: Who) -> None:
        """Throw someone out for good."""
        leave(self._world, self.chat, _account(who).user, by=self._owner.user, banned=True)

    def promote(self, who: Who, *rights: str) -> None:
        """Make someone an administrator with these rights, as Telegram names them."""
        member = administrator(_account(who).user, *rights)
        change(self._world, self.chat, member, by=self._owner.user)

    def demote(self, who: Who) -> None:
        """Make an administrator a member like others."""
        member = ChatMemberMember(user=_account(who).user)
        change(self._world, self.chat, member, by=self._owner.user)

    def open_topic(self, name: str) -> int:
        """Open a topic and return its id."""
        content = {"forum_topic_created": ForumTopicCreated(name=name, icon_color=0x6FB9F0)}
        message = self._world.post(self.chat, self._owner.user, content)
        self.chat.topics[message.message_id] = Topic(name, self._owner.id)
        self._world.tell(self.chat, UpdateType.MESSAGE, message)
        return message.message_id

    def close_topic(self, topic_id: int) -> None:
        self.chat.topics[topic_id].closed = True
        self._mark(topic_id, {"forum_topic_closed": ForumTopicClosed()})

    def reopen_topic(self, topic_id: int) -> None:
        self.chat.topics[topic_id].closed = False
        self._mark(topic_id, {"forum_topic_reopened": ForumTopicReopened()})

    def delete_topic(self, topic_id: int) -> None:
        """Delete a topic with all that is in it; bots are not told."""
        self._world.delete_topic(self.chat, topic_id)

    def upgrade(self) -> None:
        """Make the group a supergroup, which has another id; the old one stays as it was."""
        old, user = self.chat, self._owner.user
        new = self._world.add_group_chat(-1_000_000_000_000 + old.id, old.title)
        new.members, new.bots = dict(old.members), dict(old.bots)
        old.successor = self.chat = new
        for chat, content in (
            (old, {"migrate_to_chat_id": new.id}),
            (new, {"migrate_from_chat_id": old.id}),
        ):
            message = self._world.post(chat, user, content)
            self._world.tell(chat, UpdateType.MESSAGE, message)

    def _mark(self, topic_id: int, content: dict[str, object]) -> None:
        thread = {"message_thread_id": topic_id, "is_topic_message": True}
        message = self._world.post(self.chat, self._owner.user, content | thread)
        self._world.tell(self.chat, UpdateType.MESSAGE, message)


def _account(who: Who) -> Account | BotAccount:
    return who if isinstance(who, BotAccount) else who.account
