"""Requests to the webhook's address from strangers, and late ones from Telegram."""

import time
from io import BytesIO
from typing import Any, Final

import pytest
from aiohttp import ClientSession

from bot.settings import Settings
from tests.support.net.webhook import SECRET, SECRET_HEADER, UPDATE_ID, bring, message
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_who_does_not_know_the_secret_learns_and_does_nothing(
    desk: None, hooked: Settings, http: ClientSession, anna: Person, subtests: pytest.Subtests
) -> None:
    await anna.opens("/pending", shows="Nobody is waiting")

    address = f"http://127.0.0.1:{hooked.http_port}/telegram"
    for secret in (None, "", "wrong", SECRET + "x", "секрет", "\udcff"):
        headers = {} if secret is None else {SECRET_HEADER: secret}
        with subtests.test(secret=secret):
            async with http.post(address, json=message("/bookings"), headers=headers) as answer:
                assert answer.status == 401
                assert await answer.text() == "Unauthorized\n"

    await anna.opens("/pending", shows="Nobody is waiting")
    assert len(anna.inbox) == 2


NO_UPDATES: Final = [
    ("POST", "/telegram", b"{", 400),
    ("POST", "/telegram", b"", 400),
    ("POST", "/telegram", b"\xff\xfe", 400),
    ("POST", "/telegram", b"[]", 400),
    ("POST", "/telegram", b"{}", 400),
    ("POST", "/telegram", b'{"update_id": "many"}', 400),
    ("POST", "/telegram", b'{"callback_query": {"message": {"reply_markup": 7}}}', 400),
    ("POST", "/telegram", b"[" * 100_000, 400),
    ("POST", "/telegram", b" " * 1024**2 + b" ", 413),
    ("GET", "/telegram", b"", 405),
    ("POST", "/elsewhere", b"{}", 404),
    ("POST", "/telegram/students", b"{}", 404),
    ("GET", "/", b"", 404),
    ("POST", "/livez", b"", 405),
    ("POST", "/telegram", b'{"update_id": 7000001}', 200),
    ("POST", "/telegram", b'{"update_id": 7000002, "something_new": {}}', 200),
    # An update that cannot be parsed is accepted, as a repetition would not help.
    ("POST", "/telegram", b'{"update_id": 7000003, "message": 7}', 200),
    ("POST", "/telegram", b'{"update_id": 7000004, "callback_query": {"message": {}}}', 200),
]
"""Method, path and body of each request, and the status that answers it."""


async def test_what_is_no_update_gets_a_short_answer(
    desk: None, hooked: Settings, http: ClientSession, subtests: pytest.Subtests
) -> None:
    for method, path, body, status in NO_UPDATES:
        address = f"http://127.0.0.1:{hooked.http_port}{path}"
        with subtests.test(method=method, path=path, body=body[:80]):
            async with http.request(
                method, address, data=BytesIO(body), headers={SECRET_HEADER: SECRET}
            ) as answer:
                text = await answer.text()

            assert answer.status == status
            assert len(text) < 100
            assert "Traceback" not in text


async def test_news_of_a_block_that_come_late_do_not_hide_a_student_who_is_back(
    desk: None,
    hooked: Settings,
    http: ClientSession,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")

    a_minute_ago = int(time.time()) - 60
    assert await bring(http, hooked, blocked_at(vera, a_minute_ago)) == 200

    await anna.opens(f"/booking {booking}", shows="Pending")
    assert "blocked" not in anna.screen.text


def blocked_at(student: Person, date: int) -> dict[str, Any]:
    user = {"id": student.id, "is_bot": False, "first_name": "Vera"}
    bot = {"id": 1001, "is_bot": True, "first_name": "School desk"}
    return {
        "update_id": UPDATE_ID,
        "my_chat_member": {
            "chat": {"id": student.id, "type": "private"},
            "from": user,
            "date": date,
            "old_chat_member": {"status": "member", "user": bot},
            "new_chat_member": {"status": "kicked", "user": bot, "until_date": 0},
        },
    }
