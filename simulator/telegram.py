"""Telegram, for a program that runs it."""

from collections.abc import Sequence
from datetime import timedelta

from aiogram.types import ChatMemberMember, ChatMemberOwner

from simulator.accounts import Account, BotAccount
from simulator.chats.owners import Group
from simulator.faults import Faults
from simulator.http.calls import Call
from simulator.limits import Limits
from simulator.messages.messages import ChatMessage
from simulator.people import Person
from simulator.world import World


class Telegram(World):
    """Bots and people, what goes wrong between them, and what bots have asked.

    `await telegram.changed()` returns at the next change anyone could see, and
    `await telegram.until(lambda: ..., timeout=5)` when a condition holds. With `limits`
    bots that send too fast are told to wait.

    What Telegram does not know it ignores. Where it is `strict`, parameters, fields and numbers
    that are none are refused, because they are typing mistakes. What is not simulated answers
    501, or is taken and not done, where `accept_unsimulated`.
    """

    def __init__(
        self, *, limits: bool = False, strict: bool = True, accept_unsimulated: bool = False
    ) -> None:
        super().__init__()
        self.limits = Limits() if limits else None
        self.strict = strict
        self.accept_unsimulated = accept_unsimulated

    def clear(self) -> None:
        """Forget everybody, bots too, and all that was ever said; who watches is told."""
        self._empty()
        self.notify("clear")

    def _empty(self) -> None:
        super()._empty()
        self.faults = Faults()
        self.hint = ""
        self.calls: list[Call] = []
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}

    def advise(self, hint: str) -> None:
        """Tell who watches on the page what to do; nothing if it is what they were told last."""
        if hint != self.hint:
            self.hint = hint
            self.notify("hint")

    def add_bot(
        self,
        token: str,
        *,
        username: str,
        name: str,
        inline: bool = False,
        reads_all: bool = False,
    ) -> BotAccount:
        """Register a bot; the number a token begins with is its id."""
        bot_id = int(token.partition(":")[0])
        bot = BotAccount(
            id=bot_id,
            token=token,
            username=username,
            name=name,
            inline=inline,
            reads_all=reads_all,
        )
        self.bots[token] = bot
        return bot

    def add_person(
        self,
        person_id: int,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        bio: str | None = None,
    ) -> Person:
        """Give someone an account."""
        if person_id in self.accounts:
            raise ValueError(f"{person_id} is somebody else")
        account = self.accounts[person_id] = Account(
            id=person_id,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            bio=bio,
        )
        person = self.people[person_id] = Person(self, account)
        self.notify("account", user_id=person_id)
        return person

    def add_group(
        self, group_id: int, title: str, members: Sequence[Person], *, forum: bool = False
    ) -> Group:
        """Found a group; the first of its members owns it.

        Its id says what it is: -100… is a supergroup, and only those can be forums.
        """
        chat = self.add_group_chat(group_id, title, forum=forum)
        owner, *others = [person.account for person in members]
        chat.members[owner.id] = ChatMemberOwner(user=owner.user, is_anonymous=False)
        chat.members |= {other.id: ChatMemberMember(user=other.user) for other in others}
        group = self.groups[group_id] = Group(self, chat, owner)
        return group

    def age(self, *messages: ChatMessage, by: timedelta = timedelta(hours=49)) -> None:
        """Make messages older: by default so old that bots no longer reach them."""
        for message in messages:
            now = message.chat.messages[message.message_id]
            aged = now.model_copy(update={"date": now.date - by})
            message.chat.messages[message.message_id] = aged
        self.notify("age")
