"""Updates with contents that neither PostgreSQL nor Telegram takes: nobody is held up by them."""

from typing import Any, Final

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.settings import Settings
from simulator import Telegram
from tests.support.net.webhook import UPDATE_ID, bring, message
from tests.support.person import Person
from tests.support.school import MakeBooking

HALF: Final = "\ud83c"
NUL: Final = "\0"
TOO_LARGE: Final = 2**63
ODD: Final = (HALF, NUL, f"{NUL}{HALF}", str(TOO_LARGE))
TEXTS: Final = [
    f"{words}{odd}"
    for words in (
        *("Vera ", "/find Vera", "/bookings code:", "/bookings stream:7", "/booking ", "/log "),
        *("/start v_", "tg://user?id=", "@vera", "/bookings since:", "#"),
    )
    for odd in ODD
]
CONTACT: Final = {"phone_number": "1", "first_name": "Vera"}
FIELDS: Final[list[dict[str, Any]]] = [
    {"contact": CONTACT | {"user_id": TOO_LARGE}},
    {"contact": CONTACT | {"user_id": 10**30}},
    {"contact": CONTACT | {"user_id": -TOO_LARGE - 1}},
    {"contact": CONTACT | {"first_name": f"Vera{NUL}{HALF}"}},
    {
        "forward_origin": {
            "type": "hidden_user",
            "date": 1_790_000_000,
            "sender_user_name": f"Vera{HALF}{NUL}",
        }
    },
]


def written(fields: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a message of Anna's that is no text."""
    update = message("", number)
    del update["message"]["text"], update["message"]["entities"]
    update["message"] |= fields
    return update


@pytest.fixture
async def booking(desk: None, anna: Person, make_booking: MakeBooking) -> int:
    """A booking of a desk that Anna has a chat with."""
    booking = await make_booking(user_id=99)
    await anna.opens("/pending", shows="1 booking")
    return booking


async def test_odd_words_of_an_admin_are_answered_and_break_nothing(
    hooked: Settings, http: ClientSession, anna: Person, booking: int
) -> None:
    updates = [message(text, UPDATE_ID + n) for n, text in enumerate(TEXTS)]
    updates += [written(fields, UPDATE_ID + 1000 + n) for n, fields in enumerate(FIELDS)]
    with capture_logs() as lines:
        for update in updates:
            before = len(anna.inbox)
            assert await bring(http, hooked, update) == 200
            assert len(anna.inbox) > before, update

    assert not [text for text in anna.inbox if text.startswith("🛠")]
    assert [line for line in lines if line["log_level"] in {"warning", "error"}] == []


@pytest.mark.parametrize("person", ["anna", "vera"])
@pytest.mark.parametrize("name", [f"Vera{HALF}", f"Ve{NUL}ra", HALF, NUL])
async def test_whoever_has_an_odd_name_is_answered(
    hooked: Settings,
    http: ClientSession,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    booking: int,
    person: str,
    name: str,
) -> None:
    vera.start()
    await vera.sees("you have no bookings")
    speaker = {"anna": anna, "vera": vera}[person]
    update = message("/start")
    update["message"]["chat"]["id"] = speaker.id
    update["message"]["from"] |= {"id": speaker.id, "first_name": name, "username": name}
    before = len(speaker.inbox)

    assert await bring(http, hooked, update) == 200

    await telegram.until(lambda: len(speaker.inbox) == before + 1)
    assert not speaker.inbox[-1].startswith("🛠")


async def test_a_sender_with_an_impossible_id_is_left_out(
    hooked: Settings, http: ClientSession, anna: Person, booking: int
) -> None:
    update = message("/start")
    update["message"]["from"]["id"] = TOO_LARGE
    with capture_logs() as lines:
        assert await bring(http, hooked, update) == 200

    [line] = [line for line in lines if line["log_level"] != "info"]
    assert line["event"] == "an update cannot be read"
    await anna.opens("/pending", shows="1 booking")
