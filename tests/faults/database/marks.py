"""Scenarios in which PostgreSQL answers, but does not take what the desk writes."""

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg

from db.failures import is_fault
from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.databases import failed_over, read_only
from tests.support.stage.world import RATE, World

_PATIENT: Final = 250
"""Seconds: eight marks at once wait for their next try."""
_NO_ERRORS: Final = ("00", "01", "02")
"""The classes of SQLSTATE for success, warnings and no data."""
_REFUSE: Final = """
    CREATE TABLE refusals (chat_id bigint PRIMARY KEY, code text NOT NULL);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        refusal text := (SELECT code FROM refusals WHERE chat_id = new.chat_id);
    BEGIN
        -- A sequence counts also what is rolled back.
        IF refusal IS NOT NULL AND nextval('tries_' || new.chat_id) <= %d THEN
            RAISE EXCEPTION USING ERRCODE = refusal, MESSAGE = 'refused by the scenario';
        END IF;
        RETURN new;
    END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON booking_desk.outbox
        FOR EACH ROW WHEN (new.state = 'sent') EXECUTE FUNCTION refuse();
"""


async def every_sqlstate_refusing_a_mark(world: World) -> Promise:
    """Telegram has answered, and the database refuses to write it for every possible reason."""
    codes = _codes(world)
    await world.sql.execute(_REFUSE % world.volume(2, 1))
    await world.replica()
    students = await world.students(len(codes))
    for student, code in zip(students, codes, strict=True):
        await world.sql.execute(f"CREATE SEQUENCE tries_{student.id}")
        await world.sql.execute("INSERT INTO refusals VALUES ($1, $2)", student.id, code)
    await world.confirm_all()
    await world.settled()
    attempts = await world.sql.fetchval("SELECT count(*) FROM booking_desk.attempts")
    world.figures.append(f"{len(codes)} reasons")
    world.expect(attempts == len(codes), otherwise=f"{attempts} attempts for {len(codes)} marks")
    return Promise(delay=_PATIENT)


def _codes(world: World) -> Sequence[str]:
    """Return every SQLSTATE; in a short run few of those that blame the statement."""
    kinds: Sequence[type[asyncpg.PostgresError]] = [
        kind
        for kind in vars(asyncpg.exceptions).values()
        if isinstance(kind, type) and issubclass(kind, asyncpg.PostgresError)
    ]
    errors = {
        kind.sqlstate: kind
        for kind in kinds
        if len(kind.sqlstate or "") == len("00000") and not kind.sqlstate.startswith(_NO_ERRORS)
    }
    faults = sorted(code for code, error in errors.items() if is_fault(error()))
    return sorted(errors.keys() - {*faults}) + faults[:: world.volume(1, 16)]


async def read_only_for_a_while(world: World) -> Promise:
    """Every session ends, and the next ones find a server that takes no changes for a while."""
    messages, seconds = world.volume(200, 75), world.volume(10, 3)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    async with world.sql.acquire() as connection:
        for n in (1, 2):
            await world.sent(n * messages // 3)
            await failed_over(connection)
            await asyncio.sleep(seconds)
            await read_only(connection, "off")
    return Promise(delay=messages / RATE + 2 * seconds + TAKEN_OVER)
