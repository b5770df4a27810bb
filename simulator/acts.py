"""What a person can be asked to do over HTTP: a request's body, and the act it describes."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from simulator.accounts import BotAccount
from simulator.messages import ChatMessage
from simulator.people import Person, Place
from simulator.wire import wire


class Act(BaseModel):
    """Something a person does somewhere."""

    model_config = ConfigDict(extra="forbid")

    place: str
    """A bot's username, or a group's id."""

    @abstractmethod
    def carry_out(self, person: Person, place: Place) -> object:
        """Do it, and return what there is to say about it."""


class Start(Act):
    """Press Start."""

    payload: str | None = None

    def carry_out(self, person: Person, place: Place) -> object:
        return shown(person.start(_bot(place), self.payload))


class Send(Act):
    """Write a message."""

    text: str

    def carry_out(self, person: Person, place: Place) -> object:
        return shown(person.send(place, self.text))


class Press(Act):
    """Press a button."""

    message_id: int
    data: str

    def carry_out(self, person: Person, place: Place) -> object:
        return {"id": person.press(place, self.message_id, self.data).query.id}


class Block(Act):
    """Stop a bot."""

    def carry_out(self, person: Person, place: Place) -> object:
        person.block(_bot(place))
        return {}


class Unblock(Act):
    """Let a bot that was stopped write again."""

    def carry_out(self, person: Person, place: Place) -> object:
        person.unblock(_bot(place))
        return {}


ACTS: Final[Mapping[str, type[Act]]] = {
    act.__name__.lower(): act for act in (Start, Send, Press, Block, Unblock)
}


def shown(message: ChatMessage) -> object:
    """Return a message as a person sees it."""
    return {"message": wire(message.message), "html": message.html}


def _bot(place: Place) -> BotAccount:
    if not isinstance(place, BotAccount):
        raise LookupError(f"{place.title} is a group")  # noqa: TRY004
    return place
