"""What Telegram lets pass, and what is refused here because it is a typing mistake."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import BufferedInputFile
from aiohttp import ClientSession, FormData

from simulator import BotAccount, Person, Telegram
from tests.simulator.requests.test_uploads import JPEG
from tests.simulator.rules import source
from tests.simulator.values import TOKEN, png

MESSAGE = {"chat_id": "1", "text": "hi"}
HIDDEN = '{"inline_keyboard": [[{"text": "ok", "callback_data": "ok", "hide": false}]]}'


async def ask(http: ClientSession, url: str, method: str, sent: dict[str, Any]) -> dict[str, Any]:
    async with http.post(f"{url}/bot{TOKEN}/{method}", data=sent) as response:
        answer: dict[str, Any] = await response.json()
        return answer


@source("Query::arg, Client::get_integer_arg")
@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"colour": "red"}, r"unknown parameters of sendMessage: \['colour'\]"),
        ({"reply_markup": HIDDEN}, r"InlineKeyboardButton has no \['hide'\]"),
        ({"reply_markup": '{"keybord": []}'}, r"there is no markup with \['keybord'\]"),
        ({"message_thread_id": "x"}, "can't parse message_thread_id: x is not a number"),
    ],
    ids=["parameter", "field", "markup", "number"],
)
async def test_what_telegram_ignores_is_refused_unless_one_asks_for_its_manners(
    telegram: Telegram,
    http: ClientSession,
    url: str,
    desk: BotAccount,
    anna: Person,
    sent: dict[str, str],
    complaint: str,
) -> None:
    strictly = await ask(http, url, "sendMessage", MESSAGE | sent)
    telegram.strict = False
    leniently = await ask(http, url, "sendMessage", MESSAGE | sent)

    assert not strictly["ok"]
    with pytest.raises(AssertionError, match=complaint):
        raise AssertionError(strictly["description"])
    assert leniently["result"]["text"] == "hi"
    assert "hide" not in str(leniently["result"])


def test_telegrams_own_manners_are_chosen_where_it_is_made() -> None:
    assert Telegram().strict
    assert not Telegram(strict=False).strict


async def test_what_is_not_simulated_may_be_taken_and_not_done(
    telegram: Telegram, http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    telegram.accept_unsimulated = True
    parameter = {"receiver_user_id": "1"}

    assert await ask(http, url, "logOut", {}) == {"ok": True, "result": True}
    assert (await ask(http, url, "sendMessage", MESSAGE | parameter))["ok"]


@source("Client 9357")
@pytest.mark.parametrize(
    ("value", "means"),
    [
        *[("true", True), ("True", True), ("yes", True), ("1", True)],
        *[("false", False), ("no", False), ("on", False), ("", False)],
    ],
)
async def test_true_has_four_spellings_and_all_else_is_false(
    http: ClientSession, url: str, desk: BotAccount, anna: Person, value: str, means: bool
) -> None:
    await ask(http, url, "sendMessage", MESSAGE | {"protect_content": value})

    assert bool(anna.chat(desk)[-1].message.has_protected_content) is means


@source("Client::get_input_message_text, check_chat; 9717; 11323")
@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({}, "message text is empty"),
        ({"text": "hi"}, "chat_id is empty"),
        ({"text": "hi", "chat_id": ""}, "chat_id is empty"),
        ({"text": "hi", "chat_id": "--5"}, "chat not found"),
        ({"text": "hi", "chat_id": "9" * 5000}, "chat not found"),
        (MESSAGE | {"parse_mode": "null"}, "unsupported parse_mode"),
        (
            MESSAGE | {"link_preview_options": "5"},
            "object expected as link preview options",
        ),
        (MESSAGE | {"reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ],
)
async def test_what_is_empty_is_missing(
    http: ClientSession, url: str, anna: Person, sent: dict[str, str], complaint: str
) -> None:
    answer = await ask(http, url, "sendMessage", sent)

    assert answer["description"] == f"Bad Request: {complaint}"


@source("Client::get_required_string_arg, get_user_id, get_input_media")
@pytest.mark.parametrize(
    ("method", "sent", "complaint"),
    [
        ("answerCallbackQuery", {}, "query is too old and response timeout expired or query ID"),
        ("answerInlineQuery", {"results": "[]"}, "query is too old and response timeout"),
        ("answerInlineQuery", {"results": "{}"}, "expected an Array of inline query results"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "x"}, "wrong remote file identifier specified: "),
        ("sendPhoto", {"chat_id": "1"}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": "1", "photo": "attach://x"}, "there is no photo in the request"),
        ("sendDocument", {"chat_id": "1"}, "there is no document in the request"),
        ("deleteMessage", {}, "chat identifier is not specified"),
        ("deleteMessage", {"chat_id": "1"}, "message identifier is not specified"),
        ("deleteMessages", {"chat_id": "1"}, "message identifiers are not specified"),
        ("getChatMember", {"chat_id": "1"}, "invalid user_id specified"),
        ("banChatMember", {"chat_id": "1"}, "invalid user_id specified"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageMedia", {}, 'parameter "media" is required'),
        ("editMessageMedia", {"media": "{"}, "can't parse input media JSON object"),
        ("editMessageMedia", {"media": '{"type":"photo"}'}, "can't parse InputMedia: media not"),
        ("sendChatAction", {"chat_id": "1"}, "wrong parameter action in request"),
        ("sendChatAction", {"chat_id": "1", "action": "dance"}, "wrong parameter action in"),
    ],
)
async def test_what_is_missing_is_told_in_telegrams_words(
    http: ClientSession, url: str, anna: Person, method: str, sent: dict[str, str], complaint: str
) -> None:
    answer = await ask(http, url, method, sent)

    assert answer["description"].startswith(f"Bad Request: {complaint}")


@source("HttpConnection::handle, ClientManager::send, Client::on_cmd")
@pytest.mark.parametrize(
    ("address", "status", "complaint"),
    [
        (f"/bot{TOKEN}/nothing", 404, "Not Found: method not found"),
        (f"/bot{TOKEN}", 404, "Not Found"),
        ("/bot1002:other/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
    ],
)
async def test_who_asks_for_nothing_is_told_so(
    http: ClientSession, url: str, desk: BotAccount, address: str, status: int, complaint: str
) -> None:
    async with http.get(url + address) as response:
        answer = await response.json()

    assert answer == {"ok": False, "error_code": status, "description": complaint}


@source("Query::Query")
async def test_a_method_may_be_named_among_the_parameters(
    http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    named = await ask(http, url, "", {"method": "getMe"})
    twice = await ask(http, url, "sendMessage", MESSAGE | {"method": "sendPhoto"})

    assert named["result"]["id"] == desk.id
    assert twice["result"]["text"] == "hi"


@source("Client")
async def test_methods_are_known_by_their_former_names(
    telegram: Telegram, http: ClientSession, url: str, anna: Person
) -> None:
    assert (await ask(http, url, "getChatMembersCount", {"chat_id": "1"}))["result"] == 2
    assert telegram.calls[-1].method == "getChatMemberCount"
    refused = await ask(http, url, "kickChatMember", {"chat_id": "1", "user_id": "1"})
    assert refused["description"] == "Bad Request: can't ban members in private chats"


@source("Client::get_reply_parameters")
async def test_a_reply_may_be_named_as_it_was_formerly(
    http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    question = anna.send(desk, "why?")

    reply = MESSAGE | {"reply_to_message_id": str(question.message_id)}
    answer = await ask(http, url, "sendMessage", reply)
    alone = MESSAGE | {"reply_to_message_id": "77", "allow_sending_without_reply": "true"}

    assert answer["result"]["reply_to_message"]["text"] == "why?"
    assert (await ask(http, url, "sendMessage", alone))["ok"]


@source("Query::arg")
async def test_of_two_values_the_first_counts(
    http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    asked = f"{url}/bot{TOKEN}/sendMessage?text=first&text=second"

    async with http.post(asked, data=MESSAGE) as response:
        assert (await response.json())["result"]["text"] == "first"


@source("Client::get_input_thumbnail, get_input_file")
@pytest.mark.parametrize("by", ["name", "reference"])
async def test_a_document_comes_with_a_thumbnail(
    http: ClientSession, url: str, desk: BotAccount, anna: Person, by: str
) -> None:
    form = FormData({"chat_id": "1"})
    form.add_field("document", b"%PDF", filename="list.pdf")
    name = "thumbnail" if by == "name" else "small"
    form.add_field(name, JPEG, filename="small.jpg")
    if by == "reference":
        form.add_field("thumbnail", "attach://small")

    async with http.post(f"{url}/bot{TOKEN}/sendDocument", data=form) as response:
        assert response.ok, await response.text()

    document = anna.chat(desk)[-1].document
    assert document
    assert document.thumbnail
    assert (document.file_name, document.thumbnail.width) == ("list.pdf", 128)


async def test_a_text_that_looks_like_a_reference_is_text(bot: Bot, anna: Person) -> None:
    assert (await bot.send_message(anna.id, "attach://x")).text == "attach://x"


@pytest.mark.parametrize("content", [b"no picture", png(90, 90)], ids=["text", "PNG"])
async def test_a_thumbnail_that_is_no_jpeg_is_ignored(
    bot: Bot, desk: BotAccount, anna: Person, content: bytes
) -> None:
    small = BufferedInputFile(content, "small.jpg")

    await bot.send_document(anna.id, BufferedInputFile(b"x", "x.txt"), thumbnail=small)

    document = anna.chat(desk)[-1].document
    assert document
    assert document.thumbnail is None
