"""The desk's own database dies while admins work."""

import os
import signal
from functools import partial
from pathlib import Path

from bot.settings import Settings
from db.embedded import running_on
from db.embedded.pid_file import postmaster
from db.school import AS_A_RESTORE
from tests.support.databases import connected, make_own_database
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.waiting import until

_MADE = "SELECT to_regclass('booking_desk.updates') IS NOT NULL"
"""The table of the last migration."""


async def test_a_press_is_told_to_wait_and_served_when_the_database_is_back(
    settings: Settings, tmp_path: Path, anna: Person, vera: Person
) -> None:
    home = tmp_path / "data"
    own = {"database_url": None, "data_dir": home}
    await make_own_database(home)
    async with open_desk(settings.model_copy(update=own)):
        await until(partial(booked, home, vera), seconds=40)
        vera.start()
        await until(partial(anybody_heard, vera), seconds=10)
        await anna.opens("/booking 1", shows="Pending")
        card = anna.screen

        configuration = home / "cluster" / "postgresql.conf"
        ours = configuration.read_text()
        configuration.write_text("it does not start with this\n")
        os.kill(postmaster(home / "cluster"), signal.SIGKILL)
        await until(partial(asked, anna, "busy"))
        answer = await anna.press("Confirm", on=card)
        configuration.write_text(ours)
        await until(partial(shown, anna), seconds=20)
        await anna.press("Confirm", on=card)
        await vera.hears("welcome!")

    assert "Nothing is lost: please try again" in (answer.text or "")


async def booked(home: Path, person: Person) -> bool:
    """Whether the desk has made its database, and the school has a booking in it."""
    if (dsn := running_on(home)) is None:
        return False
    async with connected(dsn) as sql, sql.transaction():
        if not await sql.fetchval(_MADE):
            return False
        await sql.execute(AS_A_RESTORE)
        await sql.execute(
            "INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed)"
            " VALUES ($1, 'Vera', 1, 'north', 1)",
            person.id,
        )
    return True


async def anybody_heard(person: Person) -> bool:
    return bool(person.inbox)


async def asked(anna: Person, word: str) -> bool:
    await anna.opens("/pending", shows="")
    return word in anna.inbox[-1]


async def shown(anna: Person) -> bool:
    return await asked(anna, "Pending · 1")
