"""Inline queries."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent

from simulator import BotAccount, Person, Telegram
from tests.simulator.rules import source


def article(identifier: str) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=identifier,
        title="Vera",
        input_message_content=InputTextMessageContent(message_text="Vera"),
    )


async def test_a_bot_is_asked_from_an_input_field(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    search = anna.search(desk, "ver")

    query = (await bot.get_updates())[-1].inline_query
    assert query
    assert (query.query, query.from_user.id) == ("ver", anna.id)
    await query.answer([article("1")]).as_(bot)
    assert [result.id for result in await search.results()] == ["1"]


@source("Client::get_inline_query_results")
@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ([article("1")] * 2, "RESULT_ID_DUPLICATE"),
        ([article("x" * 65)], "RESULT_ID_INVALID"),
        ([article(str(n)) for n in range(51)], "too many inline query results specified"),
    ],
    ids=["twice", "long", "many"],
)
async def test_results_have_limits(
    bot: Bot,
    desk: BotAccount,
    anna: Person,
    results: list[InlineQueryResultArticle],
    complaint: str,
) -> None:
    search = anna.search(desk, "ver")

    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.answer_inline_query(search.search.id, [*results])


async def test_a_search_nobody_made_is_not_answered(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="query ID is invalid"):
        await bot.answer_inline_query("4", [])


async def test_not_every_bot_can_be_asked(telegram: Telegram, anna: Person) -> None:
    other = telegram.add_bot("1002:x", username="other_bot", name="Other")

    with pytest.raises(LookupError, match="no inline bot"):
        anna.search(other, "ver")


async def test_a_chosen_result_is_sent_by_way_of_the_bot(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    search = anna.search(desk, "ver")
    await bot.answer_inline_query(search.search.id, [article("1")])
    await search.results()

    sent = anna.choose(desk, search, "1")

    assert (sent.text, sent.from_bot) == ("Vera", False)
    chosen, message = (await bot.get_updates())[-2:]
    assert chosen.chosen_inline_result
    assert (chosen.chosen_inline_result.result_id, chosen.chosen_inline_result.query) == (
        "1",
        "ver",
    )
    assert message.message
    assert message.message.via_bot
    assert message.message.via_bot.id == desk.id
