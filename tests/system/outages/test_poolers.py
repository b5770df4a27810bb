"""The program through PgBouncer, as managed servers have it."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from simulator import BotAccount
from tests.support.desk import open_desk
from tests.support.net.pooler import pooler
from tests.support.person import Person
from tests.support.programs.program import run_to_the_end
from tests.support.school import ANNA_ID, DESK_TOKEN, MakeBooking


@pytest.mark.parametrize(("mode", "has_direct"), [("transaction", True), ("session", False)])
async def test_a_school_behind_a_pooler_is_served_over_a_restart(
    mode: str,
    has_direct: bool,
    settings: Settings,
    dsn: str,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    bookings = [await make_booking() for _ in range(2)]
    async with pooler(dsn, mode=mode) as url:
        addresses = {"database_url": SecretStr(url)}
        if has_direct:
            addresses["database_direct_url"] = SecretStr(dsn)
        for booking in bookings:
            async with open_desk(settings.model_copy(update=addresses)):
                vera.start()
                await anna.opens(f"/booking {booking}", shows="Pending")
                await anna.press("Confirm")
                await vera.hears("welcome!")
                await anna.opens("/log", shows=f"#{booking}")


async def test_a_pooler_that_lends_sessions_ends_the_start_with_a_line(
    dsn: str, telegram_url: str, desk_bot: BotAccount, tmp_path: Path
) -> None:
    variables = {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "TELEGRAM_API_URL": telegram_url,
    }
    async with pooler(dsn, mode="transaction") as url:
        ended = await run_to_the_end(tmp_path, "run", **variables, DATABASE_URL=url)

    assert ended.code == 1
    assert ended.complaint.startswith("DATABASE_URL leads through a pooler")
    assert "Set also DATABASE_DIRECT_URL" in ended.complaint
    assert ended.complaint.count("\n") == 1
