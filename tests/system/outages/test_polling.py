"""The desk goes on polling after any error, and misses no update."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.settings import Settings
from simulator import CutAfter, Refuse, ServerError, Telegram, TooManyRequests
from simulator.faults import Fault, ProxyError
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking

FAILED, TOO_OFTEN = "updates cannot be fetched", "asked for updates too often"


@pytest.mark.parametrize(
    ("fault", "event"),
    [
        pytest.param(CutAfter(), FAILED, id="the answer is lost"),
        pytest.param(TooManyRequests(1), TOO_OFTEN, id="Telegram wants a pause"),
        pytest.param(ServerError(500), FAILED, id="Telegram has a fault"),
        pytest.param(Refuse(401, "Unauthorized"), FAILED, id="Telegram does not know the token"),
        pytest.param(ProxyError(502), FAILED, id="something on the way has a fault"),
        pytest.param(ProxyError(200), FAILED, id="something on the way answers instead"),
    ],
)
async def test_updates_are_fetched_again_after_a_failure(
    desk: None, telegram: Telegram, anna: Person, fault: Fault, event: str
) -> None:
    with capture_logs() as lines:
        telegram.faults.add(fault=fault, method="getUpdates")
        for _ in range(2):
            await anna.opens("/pending", shows="Nobody is waiting")

    assert len(anna.inbox) == 2
    assert event in [line["event"] for line in lines]
    assert "error" not in [line["log_level"] for line in lines]


async def test_an_error_that_cannot_even_be_told_keeps_nobody_from_what_comes_next(
    desk: None, telegram: Telegram, anna: Person
) -> None:
    with capture_logs() as lines:
        telegram.faults.add(fault=ServerError(500), method="sendMessage", chat_id=anna.id)
        anna.send("/booking 999")
        await telegram.until(lambda: not telegram.faults.rules)
        await anna.opens("/pending", shows="Nobody is waiting")

    assert len(anna.inbox) == 1
    assert [line["event"] for line in lines if "exc_info" in line] == ["an update failed"]


async def test_four_connections_are_enough_for_a_desk(
    settings: Settings,
    sql: asyncpg.Connection,
    anna: Person,
    boris: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    role = f"guest_{uuid4().hex}"
    await sql.execute(
        f"""
        CREATE ROLE {role} LOGIN CONNECTION LIMIT 4;
        GRANT USAGE ON SCHEMA booking_desk TO {role};
        GRANT ALL ON ALL TABLES IN SCHEMA booking_desk, public TO {role};
        GRANT ALL ON ALL SEQUENCES IN SCHEMA booking_desk, public TO {role};
        """
    )
    dsn = settings.database_url.get_secret_value() if settings.database_url else ""
    few = SecretStr(dsn.replace("postgres@", f"{role}@"))
    booking = await make_booking(user_id=vera.id)
    vera.start()

    async with open_desk(settings.model_copy(update={"database_url": few, "db_connections": 4})):
        opened = [
            person.opens(command, shows=f"#{booking}")
            for person in (anna, boris)
            for command in ("/pending", "/bookings", f"/booking {booking}")
        ]
        await asyncio.gather(*opened)
        await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")
        await anna.press("Confirm")
        await vera.hears("welcome")

    assert not any("busy" in text for text in [*anna.inbox, *boris.inbox])
    await sql.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
