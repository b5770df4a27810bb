"""Everything there is in Telegram, and the few ways in which it changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final

from aiogram.enums import ChatType, UpdateType
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineQuery, Message, User

from simulator.accounts import Account, BotAccount
from simulator.changes import Changes
from simulator.chats.chats import Chat, PrivateChat
from simulator.chats.groups import GroupChat
from simulator.clock import Clock
from simulator.errors import ApiError, bad_request, forbidden
from simulator.messages.files import FileStore
from simulator.updates.queries import Query, Search

#: Older messages are out of a bot's reach.
REACH: Final = timedelta(hours=48)


class World(Changes):
    """Accounts, chats, messages, and what waits for an answer."""

    def __init__(self) -> None:
        super().__init__()
        self._empty()

    def _empty(self) -> None:
        self.clock = Clock()
        self.files = FileStore()
        self.bots: dict[str, BotAccount] = {}
        self.accounts: dict[int, Account] = {}
        self.group_chats: dict[int, GroupChat] = {}
        self.queries: dict[str, Query] = {}
        self.searches: dict[str, Search] = {}
        self.introductions: dict[tuple[int, int], datetime] = {}
        """Until when a bot may write to someone who has not begun a chat with it."""
        self.message_ids = count(1)
        self._private: dict[tuple[int, int], PrivateChat] = {}
        self._query_ids = count(4_000_000_000_000_000_001)

    def bot(self, token: str) -> BotAccount:
        if token not in self.bots:
            known = ":" in token and not token.startswith("0") and len(token) <= 80
            raise ApiError(
                401, "Unauthorized" if known else "Unauthorized: invalid token specified"
            )
        return self.bots[token]

    def open(self, bot: BotAccount, account: Account) -> PrivateChat:
        """Return a person's chat with a bot, a new one if need be."""
        key = bot.id, account.id
        if key not in self._private:
            self._private[key] = PrivateChat(bot, account, self.message_ids)
        return self._private[key]

    def private(self, bot: BotAccount, account: Account) -> PrivateChat | None:
        """Return a person's chat with a bot, if one of them has begun it."""
        return self._private.get((bot.id, account.id))

    def add_group_chat(self, chat_id: int, title: str, *, forum: bool = False) -> GroupChat:
        """Add an empty group; a supergroup counts its messages itself."""
        if chat_id >= 0 or chat_id in self.group_chats:
            raise ValueError(f"no group can have the id {chat_id}")
        chat = GroupChat(chat_id, title, self.message_ids, forum=forum)
        if chat.type is ChatType.SUPERGROUP:
            chat = GroupChat(chat_id, title, count(1), forum=forum)
        self.group_chats[chat_id] = chat
        return chat

    def known_chat(self, bot: BotAccount, chat_id: int | str | None) -> Chat:
        """Return a chat the bot has seen.

        Raises:
            ApiError: it has not, or there is none.
        """
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        account = self.accounts.get(chat_id) if isinstance(chat_id, int) else None
        group = self.group_chats.get(chat_id) if isinstance(chat_id, int) else None
        chat = self.private(bot, account) if account else group
        if chat is None or (group and group.status(bot.id) is None):
            raise bad_request("chat not found")
        return chat

    def readable_chat(self, bot: BotAccount, chat_id: int | str | None) -> Chat:
        """Return a chat the bot may see.

        Raises:
            ApiError: there is none, or it may not.
        """
        chat = self.known_chat(bot, chat_id)
        chat.require_access(bot)
        return chat

    def writable_chat(self, bot: BotAccount, chat_id: int | str | None) -> Chat:
        """Return a chat the bot may write to.

        Raises:
            ApiError: there is none, or it may not.
        """
        account = self.accounts.get(chat_id) if isinstance(chat_id, int) else None
        if account and self.private(bot, account) is None:
            if not self._introduced(bot, account):
                raise forbidden("bot can't initiate conversation with a user")
            self.open(bot, account)
        chat = self.known_chat(bot, chat_id)
        chat.require(bot)
        return chat

    def _introduced(self, bot: BotAccount, account: Account) -> bool:
        until = self.introductions.get((bot.id, account.id))
        return until is not None and self.clock.now() < until

    def post(self, chat: Chat, sender: User, content: Mapping[str, Any]) -> Message:
        """Add a message to a chat; bots are told of it by whoever calls."""
        message = Message.model_validate(
            {
                "message_id": chat.next_message_id(),
                "date": self.clock.now().replace(microsecond=0),
                "chat": chat.about,
                "from_user": sender,
                **content,
            }
        )
        chat.messages[message.message_id] = message
        self.notify("message", **chat.address, message_id=message.message_id)
        return message

    def replace(self, chat: Chat, message: Message) -> None:
        chat.messages[message.message_id] = message
        self.notify("edit", **chat.address, message_id=message.message_id)

    def delete(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        self.notify("delete", **chat.address, message_id=message_id)

    def delete_topic(self, group: GroupChat, topic_id: int) -> None:
        """Delete a topic with all that is in it; bots are not told."""
        del group.topics[topic_id]
        for message in list(group.messages.values()):
            if topic_id in {message.message_id, message.message_thread_id}:
                self.delete(group, message.message_id)

    def tell(self, chat: Chat, kind: UpdateType, message: Message) -> None:
        """Put a message into the updates of the bots that see it."""
        for bot in chat.listeners(message):
            bot.updates.put(kind, message)
        self.notify("update", kind=kind.value)

    def reaches(self, message: Message) -> bool:
        """Return whether bots can still do something with a message."""
        return self.clock.now() - message.date <= REACH

    def ask(
        self, bot: BotAccount, sender: Account, chat: Chat, message_id: int, data: str
    ) -> Query:
        """Record a press, and tell the bot."""
        query = Query(
            id=str(next(self._query_ids)),
            bot=bot,
            sender=sender,
            asked=self.clock.now(),
            chat=chat,
            message_id=message_id,
            data=data,
        )
        self.queries[query.id] = query
        self.announce(query)
        return query

    def announce(self, query: Query) -> None:
        """Tell the bot of a press, for the first time or once more."""
        pressed = self._seen(query.chat, query.message_id)
        inline = isinstance(pressed, Message) and pressed.via_bot == query.bot.user
        event = CallbackQuery(
            id=query.id,
            from_user=query.sender.user,
            chat_instance=_instance(query),
            message=None if inline else pressed,
            inline_message_id=f"{query.chat.id}_{query.message_id}" if inline else None,
            data=query.data,
        )
        query.bot.updates.put(UpdateType.CALLBACK_QUERY, event)
        self.notify("press", **query.chat.address, query_id=query.id, data=query.data)

    def search(self, bot: BotAccount, sender: Account, text: str, offset: str) -> Search:
        """Record an inline query, and tell the bot."""
        search = Search(
            id=str(next(self._query_ids)),
            bot=bot,
            sender=sender,
            asked=self.clock.now(),
            text=text,
        )
        self.searches[search.id] = search
        event = InlineQuery(id=search.id, from_user=sender.user, query=text, offset=offset)
        bot.updates.put(UpdateType.INLINE_QUERY, event)
        self.notify("search", query_id=search.id, text=text)
        return search

    def _seen(self, chat: Chat, message_id: int) -> Message | InaccessibleMessage:
        message = chat.messages.get(message_id)
        if message and self.reaches(message):
            return message
        return InaccessibleMessage(chat=chat.about, message_id=message_id, date=0)


def _instance(query: Query) -> str:
    """Return what tells a bot that two presses are from one chat, and nothing else."""
    digest = sha256(f"{query.bot.id} {query.chat.id}".encode()).digest()
    return str(int.from_bytes(digest[:8], "big", signed=True))
