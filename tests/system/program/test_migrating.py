"""`python -m bot migrate` and `detach`, and starts that may not migrate."""

from pathlib import Path

import asyncpg
import pytest

from db.attachment.parts import missing
from db.migrate import MIGRATIONS
from simulator import BotAccount
from tests.db.school.contents import schema
from tests.support.programs.program import run_to_the_end, running, started, stop
from tests.support.school import ANNA_ID, DESK_TOKEN


@pytest.fixture
def variables(empty_dsn: str, telegram_url: str) -> dict[str, str]:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATABASE_URL": empty_dsn,
        "TELEGRAM_API_URL": telegram_url,
    }


async def planned(directory: Path, variables: dict[str, str]) -> list[str]:
    async with started(directory, "migrate", "--plan", **variables) as program:
        lines = (await program.stdout.read()).decode().splitlines()
        await program.wait()
    assert program.returncode == 0
    return lines


async def test_a_plan_says_what_there_is_to_do_and_does_nothing(
    empty_dsn: str, variables: dict[str, str], tmp_path: Path
) -> None:
    school = await asyncpg.connect(empty_dsn)
    before = await schema(school)

    plan = await planned(tmp_path, variables)

    assert [f"apply {path.name}" for path in sorted(MIGRATIONS.glob("*.sql"))] == [
        line for line in plan if line.startswith("apply")
    ]
    assert "build booking_desk_newest (beside writers)" in plan
    assert await schema(school) == before
    await school.close()


async def test_a_start_that_may_not_migrate_ends_in_a_line_until_somebody_has(
    empty_dsn: str, variables: dict[str, str], desk_bot: BotAccount, tmp_path: Path
) -> None:
    refused = await run_to_the_end(tmp_path, "run", **variables, RUN_MIGRATIONS="false")
    migrated = await run_to_the_end(tmp_path, "migrate", **variables)
    async with running(tmp_path, **variables, RUN_MIGRATIONS="false") as program:
        assert await stop(program) == 0

    assert refused.code == 1
    assert refused.complaint.count("\n") == 1
    assert "python -m bot migrate" in refused.complaint
    assert (migrated.code, migrated.complaint) == (0, "")
    assert await planned(tmp_path, variables) == ["nothing to do"]


async def test_the_desk_is_detached_and_attached_again(
    empty_dsn: str, variables: dict[str, str], tmp_path: Path
) -> None:
    school = await asyncpg.connect(empty_dsn)
    await run_to_the_end(tmp_path, "migrate", **variables)

    assert (await run_to_the_end(tmp_path, "detach", **variables)).code == 0
    assert (await missing(school)).triggers
    await run_to_the_end(tmp_path, "migrate", **variables)
    assert not await missing(school)
    ended = await run_to_the_end(tmp_path, "detach", "--everything", **variables)

    assert (ended.code, ended.complaint) == (0, "")
    assert await school.fetchval("SELECT to_regnamespace('booking_desk') IS NULL")
    await school.close()
