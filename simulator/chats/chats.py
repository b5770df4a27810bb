"""Where messages are."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiogram import types
from aiogram.enums import ChatType

from simulator.accounts import Account, BotAccount
from simulator.errors import bad_request, forbidden


class Chat(ABC):
    """A place with messages: by id, oldest first."""

    def __init__(self, chat_id: int, message_ids: Iterator[int]) -> None:
        self.id = chat_id
        self.messages: dict[int, types.Message] = {}
        self.keyboard: types.ReplyKeyboardMarkup | None = None
        self.final: set[int] = set()
        """Messages that brought a keyboard, or asked for a reply: nobody edits those."""
        self._message_ids = message_ids

    @property
    @abstractmethod
    def about(self) -> types.Chat:
        """The chat as a message in it describes it."""

    @property
    @abstractmethod
    def address(self) -> Mapping[str, Any]:
        """What tells this chat from all others."""

    @abstractmethod
    def listeners(self, message: types.Message) -> Sequence[BotAccount]:
        """Return the bots that see what a person has written here."""

    @abstractmethod
    def require(self, bot: BotAccount) -> None:
        """Raise ApiError unless the bot may write here."""

    @abstractmethod
    def require_access(self, bot: BotAccount) -> None:
        """Raise ApiError unless the bot may see the chat."""

    def topic(self, bot: BotAccount, topic_id: int) -> int | None:
        """Return the topic a message goes to; None where there are none, whatever was asked.

        Raises:
            ApiError: the bot may not write in it.
        """
        raise bad_request("message thread not found")

    @abstractmethod
    def undeletable(self, bot: BotAccount, message: types.Message, *, old: bool) -> str | None:
        """Return why the bot cannot delete a message, None if it can."""

    def next_message_id(self) -> int:
        return next(self._message_ids)


class PrivateChat(Chat):
    """One person and one bot; for the bot it has the person's id."""

    def __init__(self, bot: BotAccount, account: Account, message_ids: Iterator[int]) -> None:
        super().__init__(account.id, message_ids)
        self.bot = bot
        self.account = account
        self.blocked = False

    @property
    def about(self) -> types.Chat:
        user = self.account.user
        return types.Chat(
            id=self.id,
            type=ChatType.PRIVATE,
            first_name=user.first_name,
            last_name=user.last_name,
            username=user.username,
        )

    @property
    def address(self) -> Mapping[str, Any]:
        return {"chat_id": self.id, "bot": self.bot.username}

    def listeners(self, message: types.Message) -> Sequence[BotAccount]:
        return [self.bot]

    def require_access(self, bot: BotAccount) -> None:
        """Nothing takes the chat from the bot's sight."""

    def undeletable(self, bot: BotAccount, message: types.Message, *, old: bool) -> str | None:
        return "message can't be deleted for everyone" if old else None

    def require(self, bot: BotAccount) -> None:
        if self.account.deleted:
            raise forbidden("user is deactivated")
        if self.blocked:
            raise forbidden("bot was blocked by the user")
