"""Ctrl-C and SIGTERM stop the program before the desk is open."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from simulator import BotAccount, Delay, Telegram
from tests.image.dockerfile import last, stages
from tests.support.programs.program import PATIENCE, ROOT, read_until, started
from tests.support.school import ANNA_ID, DESK_TOKEN


async def test_an_interrupt_while_the_program_is_loaded_ends_it_without_a_traceback() -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-m", "bot", "run"),
        cwd=ROOT,
        env={},
        stdout=DEVNULL,
        stderr=PIPE,
    )
    assert program.stderr is not None
    async with asyncio.timeout(PATIENCE):
        await read_until(program.stderr, "uvloop")
        program.send_signal(signal.SIGINT)
        written = await program.stderr.read()
        code = await program.wait()

    assert b"Traceback" not in written
    assert code == -signal.SIGINT


async def test_sigterm_ends_a_program_that_is_loaded_also_where_nobody_else_would_end_it(
    tmp_path: Path,
) -> None:
    """The first process of a container ignores SIGTERM unless the program handles it."""
    (tmp_path / "uvloop.py").write_text("import os; os.kill(os.getpid(), 15)")
    program = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'trap "" TERM; exec "$@"', "sh", sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        stdout=DEVNULL,
        stderr=PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        _, written = await program.communicate()

    assert program.returncode == -signal.SIGTERM
    assert written == b""


async def test_sigterm_is_not_lost_before_the_program_could_handle_it(tmp_path: Path) -> None:
    """The image's entry point holds it back; Python itself would let the kernel drop it."""
    *_, (_, steps) = stages(ROOT / "Dockerfile")
    (tmp_path / "sitecustomize.py").write_text("import os; os.kill(os.getpid(), 15)")
    (tmp_path / "python").symlink_to(sys.executable)
    program = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'trap "" TERM; exec "$@"', "sh"),
        *(*last(steps, "ENTRYPOINT").words, "run"),
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        stdout=DEVNULL,
        stderr=PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        _, written = await program.communicate()

    assert program.returncode == -signal.SIGTERM
    assert written == b""


async def test_an_interrupt_while_the_database_is_waited_for_ends_the_program(
    telegram_url: str, tmp_path: Path
) -> None:
    connected = asyncio.Event()

    async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(never_answers, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        variables = _variables(telegram_url, DATABASE_URL=f"postgresql://school@127.0.0.1:{port}/")
        async with started(tmp_path, "run", **variables) as program:
            await connected.wait()
            program.interrupt()
            written = await program.rest()

    assert program.returncode == 0
    [line] = map(json.loads, written.splitlines())
    assert (line["event"], line["reason"]) == ("the desk is closed", "SIGINT")


async def test_an_interrupt_while_telegram_is_waited_for_ends_the_program_and_its_database(
    telegram: Telegram, telegram_url: str, desk_bot: BotAccount, tmp_path: Path
) -> None:
    telegram.faults.add(fault=Delay(30), method="getMe")
    async with started(tmp_path, "run", **_variables(telegram_url)) as program:
        await telegram.until(lambda: any(call.method == "getMe" for call in telegram.calls), 30)
        program.interrupt()
        async with asyncio.timeout(6):
            written = await program.rest()

    assert program.returncode == 0
    assert b"Traceback" not in written
    assert not (tmp_path / ".data" / "cluster" / "postmaster.pid").exists()


def _variables(telegram_url: str, **more: str) -> dict[str, str]:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "TELEGRAM_API_URL": telegram_url,
        **more,
    }
