"""The command line: wrong words, a full disk, and `python -m bot health`."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr

from bot.http.asking import health
from bot.settings import Settings
from simulator import BotAccount
from tests.support.databases import connected
from tests.support.desk import open_desk
from tests.support.net.cable import Cable
from tests.support.programs.processes import free_port
from tests.support.programs.program import PATIENCE, ROOT, started
from tests.support.school import ANNA_ID, DESK_TOKEN
from tests.support.waiting import until
from tests.system.program.test_unwritten_logs import Stream, full_disk, reader_gone

REQUIRED: Final = {"BOT_TOKEN": DESK_TOKEN, "ADMIN_IDS": str(ANNA_ID)}
_LOADED: Final = """
import sys
sys.argv = ["bot", "health"]
from bot.__main__ import main
code = main()
print(*sys.modules)
sys.exit(code)
"""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the port of the desk that `health` asks."""
    port = free_port()
    for name, value in {**REQUIRED, "HTTP_PORT": str(port)}.items():
        monkeypatch.setenv(name, value)
    return port


async def healthy(*, no: bool = False) -> bool:
    return await asyncio.to_thread(health) == int(no)


@pytest.mark.parametrize("stream", [full_disk, reader_gone])
@pytest.mark.parametrize(("words", "code"), [("nonsense", 2), ("", 2), ("--help", 0)])
async def test_what_the_command_line_says_may_be_lost_but_not_its_exit_code(
    stream: Stream, words: str, code: int
) -> None:
    with stream() as output:
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words.split()),
            cwd=ROOT,
            # With buffers, as Python has them by itself.
            env={"PATH": os.environ["PATH"]},
            stdin=DEVNULL,
            stdout=output,
            stderr=output,
        )
        async with asyncio.timeout(PATIENCE):
            assert await program.wait() == code


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", None])  # noqa: S104
async def test_a_desk_that_is_ready_is_healthy(
    settings: Settings,
    port: int,
    host: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HTTP_HOST", host or "")
    here = settings.model_copy(update={"http_port": port, "http_host": host})
    async with open_desk(here):
        await until(healthy, seconds=PATIENCE)

    assert "ready" in capfd.readouterr().out.splitlines()


async def test_a_desk_without_its_database_is_not_healthy(
    settings: Settings, dsn: str, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Cable.laid(dsn) as cable:
        here = {"http_port": port, "database_url": SecretStr(cable.dsn)}
        async with open_desk(settings.model_copy(update=here)):
            await until(healthy, seconds=PATIENCE)
            await cable.cut()
            await until(lambda: healthy(no=True), seconds=PATIENCE)
            await cable.mend()

    said = capfd.readouterr().out.splitlines()
    assert "the database does not answer, or takes no changes" in said


def test_a_desk_that_does_not_run_is_not_healthy(
    port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert health() == 1

    said = capfd.readouterr().out
    assert said.startswith(f"nobody answers at 127.0.0.1 on port {port}: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("variables", [{}, {"BOT_TOKEN": "nonsense"}])
def test_whoever_asks_needs_the_variables_of_the_desk(
    variables: dict[str, str], tmp_path: Path
) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "bot", "health"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), **REQUIRED, **variables},
        check=False,
        capture_output=True,
        text=True,
    )

    assert asked.returncode == 2
    assert asked.stderr.startswith("BOT_TOKEN is not" if variables else "HTTP_PORT is missing. ")
    assert asked.stderr.count("\n") == 1


def test_asking_loads_nothing_of_the_desk(tmp_path: Path) -> None:
    asked = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _LOADED],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), **REQUIRED, "HTTP_PORT": str(free_port())},
        check=False,
        capture_output=True,
        text=True,
    )

    assert asked.returncode == 1
    assert not {"aiogram", "aiohttp", "asyncpg"} & set(asked.stdout.split())


async def test_check_tells_what_a_start_would_find_and_ends_with_its_verdict(
    telegram_url: str, desk_bot: BotAccount, dsn: str, tmp_path: Path
) -> None:
    variables = {**REQUIRED, "TELEGRAM_API_URL": telegram_url, "DATABASE_URL": dsn}
    async with connected(dsn) as sql, started(tmp_path, "check", **variables) as fit:
        await fit.rest()
        await sql.execute("DROP SCHEMA booking_desk CASCADE; ALTER TABLE bookings DROP confirmed")
    async with started(tmp_path, "check", **variables) as unfit:
        await unfit.rest()

    assert (fit.returncode, unfit.returncode) == (0, 1)
    told = (await fit.stdout.read()).decode().splitlines()
    assert {line.split()[0] for line in told} == {"ok"}
    assert f"ok    token       BOT_TOKEN is @{desk_bot.username}'s" in told
    assert b"no    columns     bookings.confirmed is missing" in await unfit.stdout.read()
