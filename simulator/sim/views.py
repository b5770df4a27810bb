"""What a person sees, as JSON."""

from typing import Any

from aiogram.types import InlineQueryResultUnion, Message, Update

from simulator.accounts import BotAccount
from simulator.http.wire import wire
from simulator.messages.messages import ChatMessage
from simulator.people import Person, Place


def shown(message: ChatMessage) -> dict[str, Any]:
    """Return a message as a person sees it."""
    return {"message": wire(message.message), "html": message.html}


def shown_in(place: Place, person: Person) -> list[dict[str, Any]]:
    """Return all the person sees there; `read` is whether the bots have fetched a message."""
    bots = [place] if isinstance(place, BotAccount) else list(place.chat.bots.values())
    unread = {_key(update) for bot in bots for update in bot.updates.pending.values()}
    return [
        shown(message) | {"read": (message.chat.id, message.message_id) not in unread}
        for message in person.chat(place)
    ]


def summary(place: Place, person: Person) -> dict[str, Any]:
    """Return what a list of chats says: the latest message, and how many others have written."""
    messages = person.chat(place)
    received = [one for one in messages if one.message.from_user != person.account.user]
    return {"latest": shown(messages[-1]) if messages else None, "received": len(received)}


def offered(result: InlineQueryResultUnion) -> dict[str, Any]:
    """Return what a list of results says of one."""
    return {
        "id": result.id,
        "title": getattr(result, "title", None),
        "description": getattr(result, "description", None),
    }


def _key(update: Update) -> tuple[int, int] | None:
    event = update.event
    return (event.chat.id, event.message_id) if isinstance(event, Message) else None
