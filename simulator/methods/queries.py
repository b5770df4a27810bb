"""Answering presses and searches."""

from datetime import timedelta
from typing import Final

from aiogram.methods import AnswerCallbackQuery, AnswerInlineQuery

from simulator.accounts import BotAccount
from simulator.errors import bad_request
from simulator.methods.table import Table
from simulator.text.spans import to_units
from simulator.updates.queries import Answer, Query, Search
from simulator.world import World

_TEXT_LIMIT: Final = 200
_MOST_RESULTS: Final = 50
#: After this time nobody looks at the button any more.
_LIFETIME: Final = timedelta(seconds=15)


def answer_callback_query(world: World, bot: BotAccount, call: AnswerCallbackQuery) -> bool:
    """Show the person an answer: once, and soon."""
    if len(to_units(call.text or "")) > _TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if call.url and not call.url.startswith(f"https://t.me/{bot.username}?start="):
        raise bad_request("URL_INVALID")
    query = world.queries.get(call.callback_query_id)
    if query is None or query.answer is not None or not _open(world, bot, query):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    query.answer = Answer(call.text, bool(call.show_alert), call.url)
    world.notify(
        "answer",
        **query.chat.address,
        query_id=query.id,
        message_id=query.message_id,
        data=query.data,
        user_id=query.sender.id,
        text=call.text,
        show_alert=query.answer.show_alert,
        url=call.url,
    )
    return True


def answer_inline_query(world: World, bot: BotAccount, call: AnswerInlineQuery) -> bool:
    """Show the person what was found, in place of what they were shown before."""
    identifiers = [result.id for result in call.results]
    if len(identifiers) > _MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    if len(set(identifiers)) < len(identifiers):
        raise bad_request("RESULT_ID_DUPLICATE")
    if not all(1 <= len(identifier.encode()) <= 64 for identifier in identifiers):
        raise bad_request("RESULT_ID_INVALID")
    if len((call.next_offset or "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    search = world.searches.get(call.inline_query_id)
    if search is None or not _open(world, bot, search):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    search.results, search.next_offset = call.results, call.next_offset or ""
    world.notify("results", query_id=search.id)
    return True


def _open(world: World, bot: BotAccount, query: Query | Search) -> bool:
    return query.bot is bot and world.clock.now() - query.asked <= _LIFETIME


HANDLERS: Final[Table] = {
    AnswerCallbackQuery: answer_callback_query,
    AnswerInlineQuery: answer_inline_query,
}
