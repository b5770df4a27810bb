"""What buttons may look like."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from aiohttp import ClientSession

from simulator import BotAccount, Person, Telegram
from tests.simulator.rules import source
from tests.simulator.values import TOKEN

OK = InlineKeyboardButton(text="ok", callback_data="ok")


@pytest.mark.parametrize(
    "button",
    [
        InlineKeyboardButton(text="ok", callback_data="я" * 32),
        InlineKeyboardButton(text="ok", callback_data="ok", style="success"),
        InlineKeyboardButton(text="ok", url="https://example.org"),
        InlineKeyboardButton(text="ok", url="tg://user?id=1"),
        InlineKeyboardButton(text="ok", switch_inline_query_current_chat=""),
        InlineKeyboardButton(text="ok", copy_text=CopyTextButton(text="4242")),
        InlineKeyboardButton(text="ok", disabled=DisabledButton()),
    ],
    ids=lambda button: next(iter(button.model_dump(exclude={"text"}, exclude_none=True))),
)
async def test_a_button_is_shown_as_it_was_sent(
    bot: Bot, desk: BotAccount, anna: Person, button: InlineKeyboardButton
) -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])

    sent = await bot.send_message(anna.id, "card", reply_markup=keyboard)

    assert anna.chat(desk)[-1].buttons == [[button]]
    assert sent.reply_markup
    assert sent.reply_markup.model_dump() == keyboard.model_dump()


@source("Client::get_inline_keyboard_button; ReplyMarkup::get_inline_keyboard_button")
@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        (InlineKeyboardButton(text="ok", callback_data="я" * 33), "BUTTON_DATA_INVALID"),
        (InlineKeyboardButton(text="ok"), "Text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton(text="ok", callback_data=""), "Text buttons are unallowed"),
        (InlineKeyboardButton(text="ok", callback_data="ok", style="gold"), "button style"),
        (InlineKeyboardButton(text="ok", url="nowhere"), "'nowhere' is invalid: Wrong HTTP URL"),
        (InlineKeyboardButton(text="ok", url="javascript:alert.call()"), "Wrong HTTP URL"),
        (
            InlineKeyboardButton(text="ok", copy_text=CopyTextButton(text="я" * 257)),
            "BUTTON_COPY_TEXT_INVALID",
        ),
    ],
)
async def test_a_button_telegram_would_not_show_is_refused(
    bot: Bot, anna: Person, button: InlineKeyboardButton, complaint: str
) -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])

    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.send_message(anna.id, "card", reply_markup=keyboard)


@source("Client::fail_query_with_error")
async def test_a_keyboard_has_at_most_100_buttons(bot: Bot, anna: Person) -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[OK]] * 101)

    with pytest.raises(TelegramBadRequest, match="reply markup is too long"):
        await bot.send_message(anna.id, "card", reply_markup=keyboard)


async def test_empty_rows_vanish(bot: Bot, desk: BotAccount, anna: Person) -> None:
    rows: list[list[InlineKeyboardButton]] = [[], [OK], []]

    await bot.send_message(
        anna.id, "card", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )

    assert anna.chat(desk)[-1].buttons == [[OK]]


def labelled(*texts: str) -> list[InlineKeyboardButton]:
    return [InlineKeyboardButton(text=text, callback_data="ok") for text in texts]


@source("ReplyMarkup 566–571, 791")
@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([labelled(" ", "a")], [[" ", "a"]]),
        ([labelled("", "a"), labelled("")], [["a"]]),
        ([labelled(*"abcdefghijklmn")], [[*"abcdefghijkl"]]),
    ],
    ids=["blank", "empty", "thirteen"],
)
async def test_buttons_without_text_or_room_are_left_out(
    bot: Bot,
    desk: BotAccount,
    anna: Person,
    rows: list[list[InlineKeyboardButton]],
    shown: list[list[str]],
) -> None:
    await bot.send_message(
        anna.id, "card", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )

    assert [[button.text for button in row] for row in anna.chat(desk)[-1].buttons] == shown


@source("Client::get_inline_keyboard_button")
@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ({"callback_data": "ok", "url": "https://example.org"}, {"url": "https://example.org"}),
        ({"callback_data": "ok", "url": ""}, {"callback_data": "ok"}),
        ({"callback_data": "ok", "style": "Danger"}, {"callback_data": "ok", "style": "danger"}),
        ({"callback_data": 5}, {"callback_data": "5"}),
    ],
    ids=["two actions", "an empty one", "a style in capitals", "a number"],
)
async def test_a_button_is_read_as_telegram_reads_it(
    http: ClientSession,
    url: str,
    desk: BotAccount,
    anna: Person,
    button: dict[str, object],
    kept: dict[str, str],
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "ok"} | button]]}
    sent = {"chat_id": 1, "text": "card", "reply_markup": keyboard}

    async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=sent) as response:
        assert response.ok, await response.text()

    [[shown]] = anna.chat(desk)[-1].buttons
    assert shown.model_dump(exclude_none=True) == {"text": "ok"} | {
        name: value for name, value in kept.items() if value
    }


@source("Client::get_reply_markup 9717")
@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ("null", "object expected as reply markup"),
        ('{"keyboard": ["a"]}', 'field "keyboard" must be an Array of Arrays'),
        (
            '{"keyboard": [[5]]}',
            "can't parse keyboard button: KeyboardButton must be a String or an Object",
        ),
        (
            '{"inline_keyboard": ["a"]}',
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            '{"inline_keyboard": [["a"]]}',
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        ('{"remove_keyboard": "yes"}', 'field "remove_keyboard" must be of type Boolean'),
        (
            '{"inline_keyboard": [[{"text": "a", "callback_data": []}]]}',
            'can\'t parse inline keyboard button: Field "callback_data" must be of type String',
        ),
        (
            '{"inline_keyboard": [[{}]]}',
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
    ],
)
async def test_markup_that_cannot_be_read_is_refused_in_telegrams_words(
    http: ClientSession, url: str, anna: Person, markup: str, complaint: str
) -> None:
    sent = {"chat_id": "1", "text": "card", "reply_markup": markup}

    async with http.post(f"{url}/bot{TOKEN}/sendMessage", data=sent) as response:
        answer = await response.json()

    assert answer["description"] == f"Bad Request: {complaint}"


@source("Client 9717")
async def test_a_null_in_json_is_no_markup(http: ClientSession, url: str, anna: Person) -> None:
    sent = {"chat_id": 1, "text": "card", "reply_markup": None}

    async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=sent) as response:
        answer = await response.json()

    assert answer["description"] == "Bad Request: object expected as reply markup"


@source("Client 9565, get_keyboard_button")
async def test_the_letters_of_a_keyboard_may_be_plain_strings(
    http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    sent = {"chat_id": 1, "text": "sure?", "reply_markup": {"keyboard": [["yes", "no"]]}}

    async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=sent) as response:
        assert response.ok

    keyboard = anna.keyboard(desk)
    assert keyboard
    assert [button.text for button in keyboard.keyboard[0]] == ["yes", "no"]


@source("ReplyMarkup::get_keyboard_button")
async def test_a_phone_number_is_asked_for_in_private(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    button = KeyboardButton(text="my number", request_contact=True)
    keyboard = ReplyKeyboardMarkup(keyboard=[[button]])
    staff = telegram.add_group(-500, "Staff", [anna])
    staff.add(desk)

    await bot.send_message(anna.id, "yours?", reply_markup=keyboard)
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(staff.id, "yours?", reply_markup=keyboard)

    assert refusal.value.message == (
        "Bad Request: phone number can be requested in private chats only"
    )


@source("ReplyMarkup::get_reply_markup")
async def test_a_message_is_edited_to_have_buttons_under_it_and_no_others(
    http: ClientSession, url: str, anna: Person
) -> None:
    sent = {"chat_id": 1, "message_id": 1, "text": "x", "reply_markup": {"keyboard": [["yes"]]}}

    async with http.post(f"{url}/bot{TOKEN}/editMessageText", json=sent) as response:
        answer = await response.json()

    assert answer["description"] == "Bad Request: inline keyboard expected"
