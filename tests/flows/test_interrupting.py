"""Ctrl-C at a moment when the program does not listen to it yet."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE

from tests.program import PATIENCE, ROOT, read_until


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
