"""People: what they do in their chats, and what they see there."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiogram.enums import UpdateType
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    ChosenInlineResult,
    Message,
    ReplyKeyboardMarkup,
    User,
)

from simulator.accounts import Account, BotAccount
from simulator.chats.chats import Chat, PrivateChat
from simulator.chats.members import FOREVER, enter, leave, request
from simulator.chats.menus import menu
from simulator.chats.owners import Group
from simulator.messages.content import (
    TEXT_LIMIT,
    contact,
    contents,
    document,
    forwarded,
    inline_result,
    photo,
)
from simulator.messages.messages import ChatMessage
from simulator.messages.sharing import chosen
from simulator.text.formatted import format_text
from simulator.updates.presses import InlineSearch, Press
from simulator.world import World

#: Who administrators are to a bot when they write in the name of their group.
ANONYMOUS: Final = User(
    id=1087968824, is_bot=True, first_name="Group", username="GroupAnonymousBot"
)
_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

#: Where a person can write: to a bot, or in a group.
Place = BotAccount | Group


class Person:
    """Someone with an account; what no Telegram client would let them do raises."""

    def __init__(self, world: World, account: Account) -> None:
        self.account = account
        self._world = world

    @property
    def id(self) -> int:
        return self.account.id

    @property
    def name(self) -> str:
        return self.account.first_name

    def start(self, bot: BotAccount, payload: str | None = None) -> ChatMessage:
        """Press Start, perhaps at the end of a deep link."""
        if payload is not None and not _PAYLOAD.fullmatch(payload):
            raise ValueError(f"a deep link cannot carry {payload!r}")
        self.unblock(bot)
        return self.send(bot, "/start" if payload is None else f"/start {payload}")

    def send(
        self,
        place: Place,
        text: str,
        *,
        reply_to: ChatMessage | None = None,
        topic: int | None = None,
        anonymous: bool = False,
    ) -> ChatMessage:
        """Write a message, in a group perhaps in a topic, or in the name of the group."""
        content = _text(text)
        if anonymous and isinstance(place, Group):
            content["sender_chat"] = place.chat.about
        if reply_to:
            content["reply_to_message"] = reply_to.message
        if topic:
            content |= {"message_thread_id": topic, "is_topic_message": True}
        return self._say(place, content, sender=ANONYMOUS if anonymous else None)

    def send_photo(self, place: Place, content: bytes, *, caption: str = "") -> ChatMessage:
        """Send a picture, in a format that is photos' own: PNG or JPEG."""
        file = BufferedInputFile(content, "photo.jpg")
        return self._say(place, photo(self._world.files, file) | _caption(caption))

    def send_document(
        self, place: Place, content: bytes, filename: str, *, caption: str = ""
    ) -> ChatMessage:
        """Send a file."""
        file = BufferedInputFile(content, filename)
        return self._say(place, document(self._world.files, file) | _caption(caption))

    def forward(self, place: Place, message: ChatMessage, *, hidden: bool = False) -> ChatMessage:
        """Pass somebody's message on; with `hidden`, all that is known of them is their name."""
        if not contents(message.message):
            raise ValueError("this message cannot be forwarded")
        return self._say(place, forwarded(message.message, hidden=hidden))

    def send_contact(self, place: Place, name: str, *, user_id: int | None = None) -> ChatMessage:
        """Share somebody from the address book; not everybody there is on Telegram."""
        return self._say(place, contact(name, user_id))

    def share_users(self, bot: BotAccount, users: Sequence["Person"]) -> ChatMessage:
        """Choose people for the button of the bot's keyboard that asks for them."""
        shared = chosen(self.keyboard(bot), [user.account for user in users])
        return self._say(bot, {"users_shared": shared})

    def edit(self, place: Place, message_id: int, text: str) -> ChatMessage:
        """Change a message of one's own."""
        chat, message = self._own(place, message_id)
        edited = message.model_copy(
            update=_text(text) | {"edit_date": int(self._world.clock.now().timestamp())}
        )
        self._world.replace(chat, edited)
        self._world.tell(chat, UpdateType.EDITED_MESSAGE, edited)
        return ChatMessage(edited, chat)

    def delete(self, place: Place, message_id: int) -> None:
        """Delete a message for everyone; bots are not told."""
        self._world.delete(self._holding(place, message_id), message_id)

    def press(self, place: Place, message_id: int, data: str) -> Press:
        """Press a button; `data` may be anything, as it may from a forged client."""
        chat = self._holding(place, message_id)
        bot = place if isinstance(place, BotAccount) else self._author(chat, message_id)
        return Press(self._world, self._world.ask(bot, self._present, chat, message_id, data))

    def search(self, bot: BotAccount, text: str, *, offset: str = "") -> InlineSearch:
        """Write the bot's name and a few words into the input field of any chat."""
        if not bot.inline:
            raise LookupError(f"@{bot.username} is no inline bot")
        return InlineSearch(self._world, self._world.search(bot, self._present, text, offset))

    def choose(self, place: Place, search: InlineSearch, result_id: str) -> ChatMessage:
        """Send one of the results of a search."""
        found = search.search
        result = next(one for one in found.results or () if one.id == result_id)
        event = ChosenInlineResult(
            result_id=result_id, from_user=self._present.user, query=found.text
        )
        found.bot.updates.put(UpdateType.CHOSEN_INLINE_RESULT, event)
        content = inline_result(result, self._world.accounts)
        return self._say(place, content | {"via_bot": found.bot.user})

    def block(self, bot: BotAccount) -> None:
        """Stop the bot; it is told."""
        chat = self._world.private(bot, self._present)
        if chat is None:
            raise LookupError(f"{self.name} has no chat with @{bot.username}")
        self._set_blocked(chat, blocked=True)

    def unblock(self, bot: BotAccount) -> None:
        """Let a bot that was stopped write again; it is told."""
        chat = self._world.private(bot, self._present)
        if chat:
            self._set_blocked(chat, blocked=False)

    def join(self, link: str) -> bool:
        """Follow an invite link; return whether it led in, or to a request that waits."""
        for group in self._world.group_chats.values():
            invite = group.links.get(link)
            if invite and invite.admits(self._world.clock.now()):
                if isinstance(group.members.get(self.id), ChatMemberBanned):
                    raise RuntimeError(f"{self.name} is banned from {group.title}")
                if invite.asks:
                    request(self._world, group, self._present, invite)
                elif not group.has(self.id):
                    user = self._present.user
                    enter(self._world, group, user, by=user, link=invite)
                return not invite.asks
        raise LookupError(f"{link} leads nowhere")

    def leave(self, group: Group) -> None:
        """Leave a group."""
        self._require_member(group)
        leave(self._world, group.chat, self.account.user, by=self.account.user)

    def delete_account(self) -> None:
        """Be gone for good."""
        self.account.deleted = True
        self._world.notify("account", user_id=self.id)

    def chat(self, place: Place) -> list[ChatMessage]:
        """Return what the person sees there now, oldest first."""
        chat = self._seen(place)
        return [ChatMessage(message, chat) for message in chat.messages.values()] if chat else []

    def keyboard(self, bot: BotAccount) -> ReplyKeyboardMarkup | None:
        """Return the keyboard shown in place of the letters, if a bot has sent one."""
        chat = self._seen(bot)
        return chat.keyboard if chat else None

    def menu(self, bot: BotAccount) -> list[BotCommand]:
        """Return the commands the person is offered in the chat with the bot."""
        return menu(bot, self.id, self.account.language_code or "")

    @property
    def _present(self) -> Account:
        if self.account.deleted:
            raise RuntimeError(f"{self.name} has no account any more")
        return self.account

    def _seen(self, place: Place) -> Chat | None:
        if isinstance(place, BotAccount):
            return self._world.private(place, self.account)
        return place.chat if place.chat.has(self.id) else None

    def _holding(self, place: Place, message_id: int) -> Chat:
        chat = self._seen(place)
        if chat is None or message_id not in chat.messages:
            raise LookupError(f"{self.name} sees no message {message_id}")
        return chat

    def _author(self, chat: Chat, message_id: int) -> BotAccount:
        message = chat.messages[message_id]
        author = message.via_bot or message.from_user
        for bot in self._world.bots.values():
            if author and bot.id == author.id:
                return bot
        raise LookupError(f"message {message_id} is not a bot's")

    def _own(self, place: Place, message_id: int) -> tuple[Chat, Message]:
        chat = self._holding(place, message_id)
        message = chat.messages[message_id]
        if message.from_user is None or message.from_user.id != self.id:
            raise LookupError(f"message {message_id} is not {self.name}'s")
        return chat, message

    def _say(
        self, place: Place, content: Mapping[str, Any], *, sender: User | None = None
    ) -> ChatMessage:
        chat: Chat
        if isinstance(place, Group):
            self._require_member(place)
            chat = place.chat
        else:
            chat = private = self._world.open(place, self._present)
            if private.blocked:
                raise RuntimeError(f"{self.name} has blocked @{place.username}")
        message = self._world.post(chat, sender or self._present.user, content)
        self._world.tell(chat, UpdateType.MESSAGE, message)
        return ChatMessage(message, chat)

    def _require_member(self, group: Group) -> None:
        if not group.chat.has(self.id):
            raise LookupError(f"{self.name} is not in {group.chat.title}")

    def _set_blocked(self, chat: PrivateChat, *, blocked: bool) -> None:
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        user = chat.bot.user
        states = ChatMemberMember(user=user), ChatMemberBanned(user=user, until_date=FOREVER)
        old, new = states if blocked else reversed(states)
        event = ChatMemberUpdated(
            chat=chat.about,
            from_user=self.account.user,
            date=self._world.clock.now(),
            old_chat_member=old,
            new_chat_member=new,
        )
        chat.bot.updates.put(UpdateType.MY_CHAT_MEMBER, event)
        self._world.notify("member", **chat.address, user_id=user.id, status=new.status)


def _text(text: str) -> dict[str, Any]:
    formatted = format_text(text, parse_mode=None, entities=None)
    if not 1 <= formatted.length <= TEXT_LIMIT:
        raise ValueError("a message has 1 to 4096 characters")
    return {"text": formatted.text, "entities": formatted.entities or None}


def _caption(text: str) -> dict[str, Any]:
    formatted = format_text(text, parse_mode=None, entities=None)
    return {"caption": formatted.text or None, "caption_entities": formatted.entities or None}
