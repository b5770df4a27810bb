"""A log that cannot be written stops nobody: not the desk, nor its end."""

import asyncio
import json
import logging
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import pytest

from bot.logs import configure_logging
from bot.logs.lines import LinesHandler
from simulator import Telegram
from tests.flows.watching.test_logs import logged
from tests.support.person import Person
from tests.support.programs.program import PATIENCE, ROOT
from tests.support.school import ANNA_ID, DESK_TOKEN

LINE: Final = "x" * 1000
LINES: Final = 3000
FULL: Final = "/dev/full"
REQUIRED: Final = {"BOT_TOKEN": DESK_TOKEN, "ADMIN_IDS": str(ANNA_ID)}
Stream = Callable[[], AbstractContextManager[int]]


@contextmanager
def full_disk() -> Iterator[int]:
    stream = os.open(FULL, os.O_WRONLY)
    yield stream
    os.close(stream)


@contextmanager
def reader_asleep() -> Iterator[int]:
    """A pipe that is full, and that nobody reads."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    while True:
        try:
            os.write(writing, b"x")
        except BlockingIOError:
            break
    os.set_blocking(writing, True)
    yield writing
    os.close(reading)
    os.close(writing)


@contextmanager
def reader_gone() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


STREAMS: Final = [full_disk, reader_asleep, reader_gone]


def test_lines_that_nobody_reads_are_dropped_and_counted() -> None:
    reading, writing = os.pipe()
    handler = LinesHandler(writing)
    began = time.monotonic()
    for number in range(LINES):
        handler.put(f"{number} {LINE}")
    handler.flush()
    took = time.monotonic() - began

    with os.fdopen(reading) as reader:
        read = [reader.readline() for _ in range(500)]
        handler.put("later")
        while read[-1] != "later\n":
            read.append(reader.readline())
    os.close(writing)

    told = [line for line in read if line.startswith("log lines dropped: ")]
    kept = [int(line.split()[0]) for line in read[:-1] if line not in told]
    assert took < 2
    assert len(kept) + sum(int(line.split()[-1]) for line in told) == LINES
    assert kept == sorted(set(kept))


def test_lines_that_a_full_disk_refuses_are_counted_when_there_is_room() -> None:
    with logged() as read:
        configure_logging()
        stream = sys.stderr.fileno()
        room = os.dup(stream)
        with full_disk() as full:
            os.dup2(full, stream)
        for _ in range(3):
            logging.getLogger("bot").warning("lost")
        logging.root.handlers[0].flush()
        os.dup2(room, stream)
        os.close(room)
        logging.getLogger("bot").warning("written")
        lines = [json.loads(line) for line in read().splitlines()]

    assert [line["event"] for line in lines] == ["log lines dropped: 3", "written"]
    assert lines[0]["level"] == "warning"


def test_a_line_that_cannot_be_composed_is_dropped() -> None:
    with logged() as read:
        configure_logging()
        logging.getLogger("bot").warning("%d of them", "Vera")
        logging.getLogger("bot").warning("next")
        lines = [json.loads(line)["event"] for line in read().splitlines()]

    assert lines == ["log lines dropped: 1", "next"]


@pytest.mark.parametrize("stream", STREAMS)
async def test_a_desk_without_its_log_works_and_stops(
    stream: Stream,
    telegram: Telegram,
    telegram_url: str,
    dsn: str,
    anna: Person,
    tmp_path: Path,
) -> None:
    variables = {**REQUIRED, "DATABASE_URL": dsn, "TELEGRAM_API_URL": telegram_url}
    with stream() as log:
        program = await started(log, tmp_path, **variables)
        await telegram.until(
            lambda: [call for call in telegram.calls if call.method == "getUpdates"],
            timeout=PATIENCE,
        )
        await anna.opens("/pending", shows="Nobody is waiting")
        program.terminate()
        async with asyncio.timeout(PATIENCE):
            code = await program.wait()

    assert code == 0


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, 2),
        (
            {
                "BOT_TOKEN": DESK_TOKEN,
                "ADMIN_IDS": "1",
                "DATABASE_URL": "postgresql://127.0.0.1:1/x",
            },
            1,
        ),
    ],
)
async def test_a_complaint_that_cannot_be_written_keeps_its_exit_code(
    stream: Stream,
    variables: Mapping[str, str],
    code: int,
    tmp_path: Path,
) -> None:
    with stream() as log:
        program = await started(log, tmp_path, **variables)
        async with asyncio.timeout(PATIENCE):
            ended = await program.wait()

    assert ended == code


async def test_a_program_without_standard_error_writes_into_no_other_file(tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        *("sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "bot", "run"),
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )
    async with asyncio.timeout(PATIENCE):
        assert await program.wait() == 2


async def started(log: int, directory: Path, **variables: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=directory,
        env={"PYTHONPATH": str(ROOT), **variables},
        stdout=DEVNULL,
        stderr=log,
    )
