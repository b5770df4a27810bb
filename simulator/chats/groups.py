"""Groups: who is in them, their topics, and the links that lead there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiogram import types
from aiogram.enums import ChatMemberStatus, ChatType, ContentType

from simulator.accounts import BotAccount
from simulator.chats.chats import Chat
from simulator.errors import ApiError, bad_request, forbidden

_SUPERGROUPS_FROM: Final = -1_000_000_000_000
_ABSENT: Final = {ChatMemberStatus.LEFT, ChatMemberStatus.KICKED}
#: What people write, in contrast to what happens.
_WRITTEN: Final = {
    ContentType.TEXT, ContentType.PHOTO, ContentType.DOCUMENT, ContentType.CONTACT,
}  # fmt: skip
_IN_CHARGE: Final = {ChatMemberStatus.CREATOR, ChatMemberStatus.ADMINISTRATOR}


@dataclass
class Topic:
    """A thread of a forum; its id is that of the message that opened it."""

    name: str
    opened_by: int
    """The one who may rename and close it without the right to."""
    closed: bool = False


@dataclass(eq=False)
class InviteLink:
    """A way into a group that a bot has made."""

    url: str
    creator: BotAccount
    name: str | None = None
    expires: datetime | None = None
    member_limit: int | None = None
    asks: bool = False
    """Whether those who use it have to be let in."""
    revoked: bool = False
    used_by: set[int] = field(default_factory=set)
    """Who has come through it and is still there."""
    waiting: set[int] = field(default_factory=set)
    """Who has asked through it and was not answered."""

    def admits(self, now: datetime) -> bool:
        full = self.member_limit is not None and len(self.used_by) >= self.member_limit
        late = self.expires is not None and self.expires <= now
        return not (self.revoked or full or late)

    @property
    def about(self) -> types.ChatInviteLink:
        return types.ChatInviteLink(
            invite_link=self.url,
            creator=self.creator.user,
            creates_join_request=self.asks,
            is_primary=False,
            is_revoked=self.revoked,
            name=self.name,
            expire_date=self.expires,
            member_limit=self.member_limit,
            pending_join_request_count=len(self.waiting) if self.asks else None,
        )


class GroupChat(Chat):
    """A group, or a supergroup if its id is one of theirs."""

    def __init__(
        self, chat_id: int, title: str, message_ids: Iterator[int], *, forum: bool = False
    ) -> None:
        super().__init__(chat_id, message_ids)
        self.title = title
        self.forum = forum
        self.members: dict[int, types.ChatMemberUnion] = {}
        """Everyone who has ever been here, those who left too."""
        self.bots: dict[int, BotAccount] = {}
        self.topics: dict[int, Topic] = {}
        self.links: dict[str, InviteLink] = {}
        self.successor: GroupChat | None = None
        """The supergroup this group has become."""

    @property
    def type(self) -> ChatType:
        return ChatType.SUPERGROUP if self.id < _SUPERGROUPS_FROM else ChatType.GROUP

    @property
    def about(self) -> types.Chat:
        return types.Chat(
            id=self.id, type=self.type, title=self.title, is_forum=self.forum or None
        )

    @property
    def address(self) -> Mapping[str, Any]:
        return {"chat_id": self.id}

    def status(self, user_id: int) -> ChatMemberStatus | None:
        """Return what someone is here, None for someone who has never been."""
        member = self.members.get(user_id)
        return ChatMemberStatus(member.status) if member else None

    def has(self, user_id: int) -> bool:
        status = self.status(user_id)
        return status is not None and status not in _ABSENT

    def is_admin(self, user_id: int) -> bool:
        return self.status(user_id) in _IN_CHARGE

    def may(self, user_id: int, right: str) -> bool:
        """Return whether someone has an administrator's right."""
        member = self.members.get(user_id)
        return isinstance(member, types.ChatMemberOwner) or bool(getattr(member, right, False))

    def listeners(self, message: types.Message) -> Sequence[BotAccount]:
        return [bot for bot in self.bots.values() if self._hears(bot, message)]

    def require(self, bot: BotAccount) -> None:
        if self.successor:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                types.ResponseParameters(migrate_to_chat_id=self.successor.id),
            )
        match self.status(bot.id):
            case None:
                raise bad_request("chat not found")
            case ChatMemberStatus.LEFT:
                raise forbidden(f"bot is not a member of the {self.type.value} chat")
            case ChatMemberStatus.KICKED:
                raise forbidden(f"bot was kicked from the {self.type.value} chat")

    def require_access(self, bot: BotAccount) -> None:
        if self.type is ChatType.SUPERGROUP:
            self.require(bot)

    def topic(self, bot: BotAccount, topic_id: int) -> int | None:
        if not self.forum:
            return None
        topic = self.topics.get(topic_id)
        if topic is None:
            raise bad_request("message thread not found")
        if topic.closed and not self.may(bot.id, "can_manage_topics"):
            raise bad_request("TOPIC_CLOSED")
        return topic_id

    def undeletable(self, bot: BotAccount, message: types.Message, *, old: bool) -> str | None:
        allowed = self.may(bot.id, "can_delete_messages")
        own = message.from_user == bot.user
        if self.type is ChatType.SUPERGROUP:
            return None if allowed or (own and not old) else "message can't be deleted"
        reachable = not old and (allowed or own)
        return None if reachable else "message can't be deleted for everyone"

    def _hears(self, bot: BotAccount, message: types.Message) -> bool:
        if not self.has(bot.id):
            return False
        if bot.reads_all or self.is_admin(bot.id) or message.content_type not in _WRITTEN:
            return True
        reply = message.reply_to_message
        answers = reply is not None and reply.from_user == bot.user
        return answers or message.via_bot == bot.user or _is_meant_for(bot, message)


def _is_meant_for(bot: BotAccount, message: types.Message) -> bool:
    """Return whether a message gives the bot a command, or mentions it."""
    text = message.text or message.caption or ""
    command, _, addressee = text.partition(" ")[0].partition("\n")[0].lower().partition("@")
    if command.startswith("/") and addressee in {"", bot.username.lower()}:
        return True
    for entity in message.entities or message.caption_entities or ():
        named = entity.extract_from(text).lower() == f"@{bot.username.lower()}"
        if (entity.type == "mention" and named) or (entity.user and entity.user.id == bot.id):
            return True
    return False
