"""What buttons may look like."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from simulator import BotAccount, Person

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


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        (InlineKeyboardButton(text="ok", callback_data=""), "BUTTON_DATA_INVALID"),
        (InlineKeyboardButton(text="ok", callback_data="я" * 33), "BUTTON_DATA_INVALID"),
        (InlineKeyboardButton(text="ok"), "text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton(text=" ", callback_data="ok"), "text must be non-empty"),
        (
            InlineKeyboardButton(text="ok", callback_data="ok", url="https://example.org"),
            "exactly one action must be used",
        ),
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


async def test_a_keyboard_has_at_most_100_buttons(bot: Bot, anna: Person) -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[OK]] * 101)

    with pytest.raises(TelegramBadRequest, match="REPLY_MARKUP_TOO_LONG"):
        await bot.send_message(anna.id, "card", reply_markup=keyboard)


async def test_empty_rows_vanish(bot: Bot, desk: BotAccount, anna: Person) -> None:
    rows: list[list[InlineKeyboardButton]] = [[], [OK], []]

    await bot.send_message(
        anna.id, "card", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows)
    )

    assert anna.chat(desk)[-1].buttons == [[OK]]
