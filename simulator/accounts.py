"""Who can be in a chat: people and bots."""

from dataclasses import dataclass, field

from aiogram.types import BotCommand, User

from simulator.updates.updates import UpdateQueue
from simulator.updates.webhooks import Webhook


@dataclass(eq=False, kw_only=True)
class Account:
    """A person's account; whoever acts for it is a `Person`."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    bio: str | None = None
    deleted: bool = False

    @property
    def user(self) -> User:
        if self.deleted:
            return User(id=self.id, is_bot=False, first_name="")
        return User(
            id=self.id,
            is_bot=False,
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username,
            language_code=self.language_code,
        )


@dataclass(eq=False, kw_only=True)
class BotAccount:
    """A bot's account, its updates, and what it has told Telegram about itself."""

    id: int
    token: str
    username: str
    name: str
    inline: bool = False
    """Whether people may ask it from the input field of any chat."""
    reads_all: bool = False
    """Whether it sees everything in groups, not only what is meant for it."""
    updates: UpdateQueue = field(default_factory=UpdateQueue, repr=False)
    webhook: Webhook | None = field(default=None, repr=False)
    commands: dict[tuple[str, str], list[BotCommand]] = field(default_factory=dict, repr=False)
    """By scope (as JSON) and language ("" is any language)."""
    words: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    """Names and descriptions in other languages, by kind and language."""

    @property
    def user(self) -> User:
        return User(id=self.id, is_bot=True, first_name=self.name, username=self.username)
