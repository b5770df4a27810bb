"""What a school takes from its tables by chance is added again, and what was missed is made up."""

from collections.abc import Mapping
from datetime import timedelta

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.upkeep import UpkeepService
from db.adoption.look import AdoptionRefused
from db.database import Database
from db.models.bookings import BookingStatus
from tests.db.lists.walks import ANNA
from tests.db.school.contents import schema, welcomes

_COUNTED = {2: "confirmed", 1: "pending", 0: "new", -1: "cancelled"}
_RECREATED = """
    CREATE TABLE copy AS SELECT id, user_id, username, first_name, course_id, course_stream,
                                confirmed, created_at, referral_code, discount_percent
                           FROM bookings;
    DROP TABLE bookings;
    ALTER TABLE copy RENAME TO bookings;
    ALTER TABLE bookings ADD PRIMARY KEY (id);
"""
_LOST = {
    "its triggers": "DROP TRIGGER booking_desk_after_update ON bookings;"
    "DROP TRIGGER booking_desk_after_delete ON bookings;",
    "its columns": "ALTER TABLE bookings DROP revision, DROP first_revision",
    "the whole table": _RECREATED,
    "the triggers' service": "ALTER TABLE bookings DISABLE TRIGGER USER",
}


async def counts(db: Database) -> Mapping[BookingStatus | None, int]:
    async with db.snapshot() as uow:
        return await uow.counts.by_status()


async def truth(school: asyncpg.Connection) -> Mapping[str | None, int]:
    rows = await school.fetch("SELECT confirmed, count(*) FROM bookings GROUP BY 1")
    by_status: dict[str | None, int] = {_COUNTED[code]: n for code, n in rows}
    return by_status | {None: sum(by_status.values())}


@pytest.mark.parametrize("lost", _LOST)
async def test_what_the_school_drops_is_there_again_after_a_start(
    lost: str, adopted: Database, school: asyncpg.Connection
) -> None:
    names = "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'bookings'::regclass ORDER BY 1"
    triggers = await school.fetch(names)
    await school.execute(_LOST[lost])
    await school.execute("DELETE FROM bookings WHERE id % 7 = 0")
    await school.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")

    await adopted.migrate()
    await ExternalChangeService(adopted).follow()

    assert await counts(adopted) == await truth(school)
    ours = {name for (name,) in triggers if name.startswith("booking_desk_")}
    assert ours <= {name for (name,) in await school.fetch(names)}
    await school.execute("UPDATE bookings SET confirmed = 2 WHERE id = 20")
    await ExternalChangeService(adopted).follow()
    assert 20 in [booking for booking, *_ in await welcomes(school)]
    assert await counts(adopted) == await truth(school)
    async with adopted.snapshot() as uow:
        booking = await uow.bookings.get(6)
    assert booking is not None
    card = await BookingService(Desk(adopted, Staff({ANNA.id})), grace=timedelta(0)).cancel(
        6, revision=booking.revision, by=ANNA
    )
    assert card.booking.status is BookingStatus.CANCELLED


async def test_a_table_that_comes_back_with_other_types_is_refused_in_a_line(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute(f"{_RECREATED}; ALTER TABLE bookings ALTER confirmed TYPE text")
    before = await schema(school)

    with pytest.raises(AdoptionRefused, match=r"bookings.confirmed is text; a number is needed"):
        await adopted.migrate()

    assert await schema(school) == before


async def test_a_table_that_has_gone_is_not_made_anew(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("DROP TABLE bookings")

    with pytest.raises(AdoptionRefused, match="bookings has gone; restore it"):
        await adopted.migrate()

    assert await school.fetchval("SELECT to_regclass('bookings')") is None


async def test_counts_that_are_wrong_are_counted_anew(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("UPDATE booking_desk.counts SET n = n + 1 WHERE confirmed = 2")

    with capture_logs() as lines:
        await UpkeepService(adopted).verify()

    assert await counts(adopted) == await truth(school)
    assert [line["during"] for line in lines] == ["COUNT"]


async def test_counts_that_are_right_are_left_alone(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("DELETE FROM bookings WHERE id % 7 = 0")
    written = "SELECT *, xmin::text FROM booking_desk.counts AS row ORDER BY row"
    before = await school.fetch(written)

    with capture_logs() as lines:
        await UpkeepService(adopted).verify()

    assert (await school.fetch(written), lines) == (before, [])


async def test_triggers_that_get_lost_while_the_desk_runs_are_told(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("DROP TRIGGER booking_desk_after_update ON bookings")

    with capture_logs() as lines:
        await UpkeepService(adopted).verify()

    [line] = lines
    assert line["event"] == "the school's tables have lost something of the desk's"
    assert "create booking_desk_after_update" in str(line["reason"])
