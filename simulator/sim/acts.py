"""What a person can be asked to do: a request's body, and the act it describes."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final

from pydantic import Base64Bytes

from simulator.accounts import BotAccount
from simulator.people import Person, Place
from simulator.sim.request import Body, place_named
from simulator.sim.views import shown
from simulator.telegram import Telegram
from simulator.updates.presses import InlineSearch


class Act(Body):
    """Something a person does."""

    @abstractmethod
    def carry_out(self, telegram: Telegram, person: Person) -> object:
        """Do it, and return what there is to say about it."""


class _Somewhere(Act):
    place: str
    """A bot's username, or a group's id."""

    def where(self, telegram: Telegram) -> Place:
        return place_named(telegram, self.place)

    def bot(self, telegram: Telegram) -> BotAccount:
        place = self.where(telegram)
        if not isinstance(place, BotAccount):
            raise LookupError(f"{place.title} is a group")  # noqa: TRY004
        return place


class Start(_Somewhere):
    """Press Start."""

    payload: str | None = None

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        return shown(person.start(self.bot(telegram), self.payload))


class Send(_Somewhere):
    """Write a message."""

    text: str
    reply_to: int | None = None

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        place = self.where(telegram)
        replied = [one for one in person.chat(place) if one.message_id == self.reply_to]
        return shown(person.send(place, self.text, reply_to=replied[0] if replied else None))


class Edit(_Somewhere):
    """Change a message of one's own."""

    message_id: int
    text: str

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        return shown(person.edit(self.where(telegram), self.message_id, self.text))


class Delete(_Somewhere):
    """Delete a message for everyone."""

    message_id: int

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        person.delete(self.where(telegram), self.message_id)
        return {}


class Photo(_Somewhere):
    """Send a picture, PNG or JPEG."""

    content: Base64Bytes
    caption: str = ""

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        place = self.where(telegram)
        return shown(person.send_photo(place, self.content, caption=self.caption))


class Document(_Somewhere):
    """Send a file."""

    content: Base64Bytes
    filename: str
    caption: str = ""

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        place = self.where(telegram)
        return shown(
            person.send_document(place, self.content, self.filename, caption=self.caption)
        )


class Forward(_Somewhere):
    """Pass a message on, as if whoever sees it had sent it along."""

    seen_by: int
    seen_in: str
    message_id: int
    hidden: bool = False
    """Leave out who wrote it, except for the name."""

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        source = telegram.people[self.seen_by].chat(place_named(telegram, self.seen_in))
        [message] = [one for one in source if one.message_id == self.message_id]
        return shown(person.forward(self.where(telegram), message, hidden=self.hidden))


class Contact(_Somewhere):
    """Share somebody from the address book; one without a `user_id` is not on Telegram."""

    name: str
    user_id: int | None = None

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        return shown(person.send_contact(self.where(telegram), self.name, user_id=self.user_id))


class Share(_Somewhere):
    """Choose people for the keyboard's button that asks for them."""

    user_ids: list[int]

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        users = [telegram.people[user_id] for user_id in self.user_ids]
        return shown(person.share_users(self.bot(telegram), users))


class Press(_Somewhere):
    """Press a button."""

    message_id: int
    data: str

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        press = person.press(self.where(telegram), self.message_id, self.data)
        return {"id": press.query.id}


class Search(_Somewhere):
    """Ask a bot from the input field."""

    text: str

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        return {"id": person.search(self.bot(telegram), self.text).search.id}


class Choose(_Somewhere):
    """Send one of the results of a search."""

    search_id: str
    result_id: str

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        search = InlineSearch(telegram, telegram.searches[self.search_id])
        return shown(person.choose(self.where(telegram), search, self.result_id))


class Block(_Somewhere):
    """Stop a bot."""

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        person.block(self.bot(telegram))
        return {}


class Unblock(_Somewhere):
    """Let a bot that was stopped write again."""

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        person.unblock(self.bot(telegram))
        return {}


class Join(Act):
    """Follow an invite link."""

    link: str

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        return {"joined": person.join(self.link)}


class Leave(_Somewhere):
    """Leave a group."""

    def carry_out(self, telegram: Telegram, person: Person) -> object:
        place = self.where(telegram)
        if isinstance(place, BotAccount):
            raise LookupError(f"@{place.username} is no group")  # noqa: TRY004
        person.leave(place)
        return {}


ACTS: Final[Mapping[str, type[Act]]] = {
    act.__name__.lower(): act
    for act in (
        Start, Send, Edit, Delete, Photo, Document, Forward, Contact, Share, Press, Search,
        Choose, Block, Unblock, Join, Leave,
    )
}  # fmt: skip
