"""The calls of the Bot API for the acts of a message."""

from typing import Any

import pytest
from aiogram.methods import (
    DeleteMessages,
    EditMessageMedia,
    EditMessageText,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import BufferedInputFile, MessageEntity

from bot.kinds.acts import Act, Delete, Edit, Media, MediaType, Part, Send, Upload
from bot.workers.requests import request_of
from keyboards.markup import button, markup

BOLD = [MessageEntity(type="bold", offset=0, length=2)]
BUTTONS = markup([button("Open", "c1:1")])
PHOTO = Media(type=MediaType.PHOTO, file="AgAC")
TABLE = Media(type=MediaType.DOCUMENT, file=Upload(name="table.csv", content=b"1,2"))


def parameters_of(call: TelegramMethod[Any]) -> dict[str, Any]:
    """Return the parameters that differ from the defaults."""
    return {name: value for name, value in vars(call).items() if name in call.model_fields_set}


@pytest.mark.parametrize(
    ("act", "method", "parameters"),
    [
        (Send(Part(text="<b>Hi</b>")), SendMessage, {"chat_id": 13, "text": "<b>Hi</b>"}),
        (
            Send(Part(text="Hi <", entities=BOLD, markup=BUTTONS)),
            SendMessage,
            {"chat_id": 13, "text": "Hi <", "entities": BOLD, "reply_markup": BUTTONS},
        ),
        (
            Send(Part(text="Hi", media=PHOTO)),
            SendPhoto,
            {"chat_id": 13, "photo": "AgAC", "caption": "Hi"},
        ),
        (
            Send(Part(text="Hi", entities=BOLD, media=PHOTO)),
            SendPhoto,
            {"chat_id": 13, "photo": "AgAC", "caption": "Hi", "caption_entities": BOLD},
        ),
        (
            Edit(7, Part(text="Ho", markup=BUTTONS)),
            EditMessageText,
            {"chat_id": 13, "message_id": 7, "text": "Ho", "reply_markup": BUTTONS},
        ),
        (Delete((7, 8)), DeleteMessages, {"chat_id": 13, "message_ids": [7, 8]}),
    ],
)
def test_an_act_is_a_call(act: Act, method: type[object], parameters: dict[str, Any]) -> None:
    call = request_of(13, act)

    assert type(call) is method
    assert {
        name: value for name, value in parameters_of(call).items() if value is not None
    } == parameters


@pytest.mark.parametrize("media", [None, PHOTO])
def test_html_is_not_looked_for_where_there_are_entities(media: Media | None) -> None:
    plain = request_of(13, Send(Part(text="<", entities=[], media=media)))
    html = request_of(13, Send(Part(text="&lt;", media=media)))

    assert vars(plain)["parse_mode"] is None
    assert vars(html)["parse_mode"] is not None


def test_a_file_goes_by_its_name() -> None:
    call = request_of(13, Send(Part(media=TABLE)))

    assert isinstance(call, SendDocument)
    assert isinstance(call.document, BufferedInputFile)
    assert (call.document.filename, call.document.data) == ("table.csv", b"1,2")


def test_a_file_takes_the_place_of_what_was_there() -> None:
    call = request_of(13, Edit(7, Part(text="Hi", media=TABLE, markup=BUTTONS)))

    assert isinstance(call, EditMessageMedia)
    assert (call.message_id, call.media.type, call.media.caption) == (7, "document", "Hi")


def test_a_part_is_noted_as_html_however_it_is_given() -> None:
    assert Part(text="Hi <", entities=BOLD).html == "<b>Hi</b> &lt;"
    assert Part(text="<b>Hi</b> &lt;").html == "<b>Hi</b> &lt;"
