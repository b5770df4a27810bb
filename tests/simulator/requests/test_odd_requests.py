"""Requests that no client should send: they are answered in Telegram's JSON all the same."""

import gzip
import io
import json
from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest
from aiohttp import ClientSession

from simulator import BotAccount, Control, Person, ProxyError, Refuse, ServerError, Telegram, serve
from tests.simulator.rules import source
from tests.simulator.values import TOKEN

JSON: Final = {"Content-Type": "application/json"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART: Final = {"Content-Type": "multipart/form-data; boundary=xx"}
DEEP: Final = "[" * 100_000
NESTED: Final = "[" * 500 + "]" * 500

NUMBERS: Final = ("--5", "9" * 5000, "-", "1e5", "0x1", "1.5", "٣", "-0", "nan", "true", "null")
BROKEN_JSON: Final = (
    "", "{", "[]", "null", "5", '"text"', '{"a"', '{"a":', '{"a":}', '{"a" 1}', '{"a":1,}',
    '{"a":1}{', '{"a":NaN}', '{"a":01}', "{'a':1}", "\x00", "\ufeff{}", '{"chat_id":[]}',
    '{"chat_id":{}}', '{"chat_id":1,"text":{"a":1}}', '{"chat_id":1,"text":null}',
    '{"chat_id":null,"text":"hi"}', '{"chat_id":1,"text":"\\ud83d"}', '{"chat_id":1,"text":"\\',
    '{"chat_id":' + "9" * 5000 + ',"text":"hi"}', '{"chat_id":1e999,"text":"hi"}',
    '{"chat_id":1,"text":"hi","entities":' + DEEP + "}", DEEP, NESTED, '{"a":' + NESTED + "}",
    '{"chat_id":1,"text":"hi","reply_markup":' + NESTED + "}",
)  # fmt: skip
MARKUPS: Final = (
    "{", "null", "5", "[]", '"x"', "{}", '{"inline_keyboard":1}', '{"inline_keyboard":[1]}',
    '{"inline_keyboard":[[1]]}', '{"inline_keyboard":[[{}]]}',
    '{"inline_keyboard":[[{"text":[]}]]}',
    '{"inline_keyboard":[[{"text":"a","callback_data":[]}]]}',
    '{"keyboard":{}}', '{"keyboard":[1]}',
    '{"keyboard":[[null]]}', '{"keyboard":[[{"text":1}]]}', '{"keyboard":[["a",["b"]]]}',
    '{"remove_keyboard":"maybe"}', '{"force_reply":[]}', '{"inline_keyboard":[["\\ud83d"]]}',
    DEEP, NESTED,
)  # fmt: skip
ENTITIES: Final = (
    "{", "5", "[5]", "[{}]", '[{"type":"bold"}]', '[{"type":"bold","offset":-1,"length":1}]',
    '[{"type":"bold","offset":0,"length":-1}]', '[{"type":"no","offset":0,"length":1}]',
    '[{"type":"bold","offset":"a","length":1}]', '[{"type":"bold","offset":1e9,"length":1}]',
    '[{"type":"text_link","offset":0,"length":1}]', '[{"type":[],"offset":0,"length":1}]', DEEP,
)  # fmt: skip
OPTIONS: Final = (
    ("reply_parameters", "{"), ("reply_parameters", "[]"),
    ("reply_parameters", '{"message_id":"x"}'), ("link_preview_options", "5"),
    ("parse_mode", "\x00"), ("message_thread_id", "-5"), ("disable_notification", "perhaps"),
    ("message_effect_id", "x"), ("method", "getMe"),
)  # fmt: skip
MULTIPARTS: Final = (
    b"", b"x", b"--xx", b"--xx--", b"--xx\r\n", b"--xx\r\n\r\n", b"--xx\r\n\r\nx\r\n--xx--",
    b"--xx\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xx--",
    b"--xx\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--xx--",
    b"--xx\r\nContent-Disposition: form-data; filename=a\r\n\r\nx\r\n--xx--",
    b'--xx\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1',
    b'--xx\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1\r\n--yy--',
    b'--xx\r\nContent-Disposition: form-data; name="\xff"; filename="\xff"\r\n\r\n\xff\r\n--xx--',
    b'--xx\r\nno colon\r\n\r\nx\r\n--xx--',
)  # fmt: skip
TYPES: Final = (
    "multipart/form-data", "multipart/form-data; boundary", "multipart/form-data; boundary=",
    'multipart/form-data; boundary="', f"multipart/form-data; boundary={'x' * 100}",
    "application/json; charset=none", "application/x-www-form-urlencoded; charset=none",
    "text/plain; charset=none", "nonsense",
)  # fmt: skip
FORMS: Final = (b"text=%ff&chat_id=1", b"\xff=\xff", b"&&=&=x", b"%", b"%zz=1")
WEBHOOKS: Final = (
    "http://[::1", "https://example.org:99999", "https://example.org:abc", "https://", "nonsense",
    "https://exa mple.org", "//example.org", "https://[1.2.3]/", "ftp://example.org", "\x00",
)  # fmt: skip
ADDRESSES: Final = (
    "/", "/bot", f"/bot{TOKEN}", "/botx/getMe", "/bot/getMe", f"/bot{TOKEN}/nothing",
    f"/bot{TOKEN}/", f"/bot{TOKEN}/getMe/more", f"/bot{TOKEN}/%ff", "/bot%ff:x/getMe",
    f"/bot{TOKEN}/../getMe", "/nowhere", f"/file/bot{TOKEN}/none", "/file/botx/none",
    f"/file/bot{TOKEN}/", f"/bot{'1' * 90}:x/getMe", "/sim/nothing", "/sim/people/1/dance",
    "/page/none",
)  # fmt: skip


Request = dict[str, Any]


async def answer_to(http: ClientSession, url: str, **request: Any) -> dict[str, Any]:
    """Return Telegram's answer; fail if it is something else, or says that Telegram broke."""
    async with http.post(url, **request) as response:
        asked = repr(request)[:200]
        assert response.content_type == "application/json", (asked, await response.text())
        answer: dict[str, Any] = await response.json()
        assert response.status < 500, (asked, answer)
        assert answer["ok"] is (response.status == 200), asked
        assert answer["ok"] or answer["error_code"] == response.status, asked
        return answer


@pytest.fixture
def call(url: str, desk: BotAccount, anna: Person) -> str:
    return f"{url}/bot{TOKEN}/sendMessage"


def numbers(name: str, **others: str) -> list[Request]:
    return [{"data": others | {name: number}} for number in NUMBERS]


def messages(name: str, values: Iterable[str]) -> list[Request]:
    """Return messages with a parameter that may be anything."""
    return [{"data": {"chat_id": "1", "text": "hi 😀", name: value}} for value in values]


def bodies(kind: dict[str, str], contents: Iterable[str | bytes]) -> list[Request]:
    return [{"data": content, "headers": kind} for content in contents]


@source("HttpReader::read_next, HttpConnection::send_http_error")
@pytest.mark.parametrize(
    ("method", "requests"),
    [
        ("sendMessage", numbers("chat_id", text="hi")),
        ("deleteMessage", numbers("message_id", chat_id="1")),
        ("getChatMember", numbers("user_id", chat_id="1")),
        ("getUpdates", numbers("offset")),
        ("sendMessage", bodies(JSON, BROKEN_JSON)),
        ("sendMessage", messages("reply_markup", MARKUPS)),
        ("editMessageText", messages("reply_markup", MARKUPS)),
        ("sendMessage", messages("entities", ENTITIES)),
        ("sendMessage", [{"data": {"chat_id": "1", "text": "hi"} | {n: v}} for n, v in OPTIONS]),
        ("sendMessage", bodies(MULTIPART, MULTIPARTS)),
        ("sendMessage", [{"data": b"{}", "headers": {"Content-Type": kind}} for kind in TYPES]),
        ("sendMessage", bodies(FORM, FORMS)),
    ],
    ids=[
        *("chats", "messages", "people", "offsets", "JSON", "markup", "edited markup"),
        *("entities", "options", "multipart", "types", "forms"),
    ],
)
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
async def test_any_request_is_answered_in_telegrams_json(
    telegram: Telegram,
    http: ClientSession,
    url: str,
    anna: Person,
    method: str,
    requests: list[Request],
    strict: bool,
) -> None:
    telegram.strict = strict

    for request in requests:
        await answer_to(http, f"{url}/bot{TOKEN}/{method}", **request)


async def test_content_may_not_be_what_its_encoding_says(http: ClientSession, call: str) -> None:
    for encoding in ("gzip", "deflate", "br", "nonsense"):
        headers = JSON | {"Content-Encoding": encoding}

        answer = await answer_to(http, call, data=b"{}", headers=headers)

        assert answer["error_code"] in {400, 415}


async def test_compressed_content_is_read(http: ClientSession, call: str) -> None:
    body = gzip.compress(json.dumps({"chat_id": 1, "text": "hi"}).encode())

    answer = await answer_to(http, call, data=body, headers=JSON | {"Content-Encoding": "gzip"})

    assert answer["result"]["text"] == "hi"


@source("JsonBuilder; misc::clean_input_string")
@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("sendMessage", '{"chat_id":1,"text":"\\ud83d"}'),
        ("setMyName", '{"name":"\\ud83d"}'),
        ("setMyCommands", '{"commands":[{"command":"a","description":"\\ud83d"}]}'),
    ],
)
async def test_half_a_character_is_refused_wherever_it_is(
    http: ClientSession, url: str, anna: Person, method: str, body: str
) -> None:
    answer = await answer_to(http, f"{url}/bot{TOKEN}/{method}", data=body, headers=JSON)

    assert answer["description"] == "Bad Request: strings must be encoded in UTF-8"


@source("Client::do_set_webhook")
async def test_a_webhook_may_be_anything(http: ClientSession, url: str, desk: BotAccount) -> None:
    for webhook in WEBHOOKS:
        answer = await answer_to(http, f"{url}/bot{TOKEN}/setWebhook", data={"url": webhook})

        assert answer["error_code"] == 400, webhook


async def test_an_address_may_lead_nowhere(
    http: ClientSession, url: str, desk: BotAccount
) -> None:
    for address in ADDRESSES:
        async with http.post(url + address, data={}) as response:
            answer = await response.json()

        assert response.status in {401, 404, 405}, address
        assert answer.get("error_code", response.status) == response.status


async def test_a_request_may_be_too_large(http: ClientSession, call: str) -> None:
    huge = io.BytesIO(bytes(61 * 1024**2))

    answer = await answer_to(http, call, data=huge, headers=JSON)

    assert answer["error_code"] == 413


async def test_the_clock_does_not_go_just_anywhere(
    http: ClientSession, url: str, desk: BotAccount
) -> None:
    for advance in ("1e300", "1e12", "NaN", "-1e300", '"x"', "[]"):
        body = f'{{"advance": {advance}}}'
        async with http.post(f"{url}/sim/clock", data=body, headers=JSON) as response:
            assert response.status in {400, 409}
            assert "error" in await response.json()

    await answer_to(http, f"{url}/bot{TOKEN}/getMe")


@pytest.mark.parametrize("fault", [ServerError, ProxyError, lambda code: Refuse(code, "no")])
@pytest.mark.parametrize("code", [999, 100, -1, 99999])
def test_a_fault_answers_with_a_status_there_is(fault: Callable[[int], object], code: int) -> None:
    with pytest.raises(ValueError, match=str(code)):
        fault(code)


async def test_what_breaks_the_program_around_is_told_in_json_too(
    telegram: Telegram, http: ClientSession
) -> None:
    async def stumble() -> None:
        raise TypeError("stumbled")

    async with (
        serve(telegram, controls={"Stumble": Control(stumble)}) as url,
        http.post(f"{url}/sim/controls/Stumble") as response,
    ):
        answer = await response.json()

    assert response.status == answer["error_code"] == 500
