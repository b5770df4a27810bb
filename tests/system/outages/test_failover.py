"""A primary is lost, and its standby promoted."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from db.server.fitness import DatabaseUnfit, examine
from tests.support.databases import connected
from tests.support.desk import open_desk
from tests.support.fixtures import MEMORY
from tests.support.person import Person
from tests.support.school import VERA_ID
from tests.support.stage.pair import Pair


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as directory:
        async with Pair.running(Path(directory)) as pair:
            yield pair


async def test_the_desk_goes_on_at_the_server_that_takes_changes(
    pair: Pair,
    settings: Settings,
    anna: Person,
    vera: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(DatabaseUnfit, match="leads to a standby, which takes no changes"):
        await examine(pair.standby)

    dsn = await pair.new_database()
    async with open_desk(settings.model_copy(update={"database_url": SecretStr(dsn)})):
        vera.start()
        await vera.sees("you have no bookings")
        await confirm(await book(dsn), anna, vera)
        await pair.fail_over()
        await confirm(await book(dsn), anna, vera)

    assert not [record for record in caplog.records if record.exc_info]


async def book(dsn: str) -> int:
    """Let Vera pay for a place."""
    async with connected(dsn) as sql:
        booking_id: int = await sql.fetchval(
            "INSERT INTO bookings (user_id, course_id, course_stream, confirmed)"
            " VALUES ($1, 1, 'north', 1) RETURNING id",
            VERA_ID,
        )
    return booking_id


async def confirm(booking: int, anna: Person, vera: Person) -> None:
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await vera.hears("welcome!")
