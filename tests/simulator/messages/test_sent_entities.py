"""Entities that a bot sends instead of markup."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import MessageEntity

from simulator import Person
from tests.simulator.rules import source


async def test_entities_can_be_sent_instead_of_markup(bot: Bot, anna: Person) -> None:
    bold = MessageEntity(type="bold", offset=0, length=2)

    sent = await bot.send_message(anna.id, "<3", parse_mode=None, entities=[bold])

    assert [entity.model_dump() for entity in sent.entities or []] == [bold.model_dump()]


@source("Client::get_text_entity; MessageEntity::clean_input_string_with_entities")
@pytest.mark.parametrize(
    ("entity", "complaint"),
    [
        ({"offset": 9}, "entity begins after the end of the text at UTF-16 offset 9"),
        (
            {"offset": 7},
            "entity beginning at UTF-16 offset 7 ends after the end of the text "
            "at UTF-16 offset 8",
        ),
        ({"offset": -1}, "receive an entity with incorrect offset -1"),
        ({"length": -1}, "receive an entity with incorrect length -1"),
        ({"offset": 1}, "entity begins in a middle of a UTF-16 symbol at byte offset 4"),
        (
            {"length": 1},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol "
            "at byte offset 4",
        ),
        ({"type": "loud"}, "can't parse MessageEntity: Unsupported type specified"),
        ({"type": "text_link"}, "can't parse MessageEntity: Can't find field \"url\""),
        ({"type": "text_mention"}, "can't parse MessageEntity: Can't find field \"user\""),
    ],
)
async def test_entities_that_mark_nothing_are_refused_in_telegrams_words(
    bot: Bot, anna: Person, entity: dict[str, Any], complaint: str
) -> None:
    marked = MessageEntity.model_validate({"type": "bold", "offset": 0, "length": 1} | entity)

    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(anna.id, "😀short", parse_mode=None, entities=[marked])

    assert refusal.value.message == f"Bad Request: {complaint}"


@source("Client::get_text_entity_type")
@pytest.mark.parametrize(
    "entity",
    [
        {"type": "mention", "length": 2},
        {"type": "url", "length": 2},
        {"type": "bold", "length": 0},
        {"type": "bold", "length": 0, "offset": 77},
    ],
)
async def test_what_telegram_finds_itself_and_what_is_empty_is_left_out(
    bot: Bot, anna: Person, entity: dict[str, Any]
) -> None:
    marked = MessageEntity.model_validate({"offset": 0} | entity)

    sent = await bot.send_message(anna.id, "hi", parse_mode=None, entities=[marked])

    assert not sent.entities
