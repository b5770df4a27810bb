"""No log line of any library has a bot's token in it."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from tempfile import TemporaryFile
from typing import Any, Final

import pytest
import structlog

from bot.logs import configure_logging, redact
from bot.logs.recurring import Recurring

TOKEN: Final = "123456789:AAF-a_secret-that-nobody-may-read12"


def fail() -> None:
    raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")


def write() -> None:
    configure_logging()
    structlog.get_logger("bot.app").warning("Вера\nждёт", booking=7)
    logging.getLogger("aiogram").error("a library says %s", TOKEN)
    try:
        fail()
    except ValueError:
        structlog.get_logger("bot.app").exception("ours", token=TOKEN)
        logging.getLogger("aiohttp.client").exception("theirs")
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    logging.getLogger("aiohttp.access").info("GET /livez")
    logging.getLogger("aiogram.dispatcher").debug("details")


COMPLAINT: Final = f"Telegram does not know {TOKEN}."
LOGGERS: Final = (None, "aiogram.event", "aiohttp.access", "aiohttp.server")


@contextmanager
def logging_restored() -> Iterator[None]:
    """Restore the logging of the tests after a block that configures it."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels, handlers = [logger.level for logger in loggers], logging.root.handlers[:]
    config = structlog.get_config()
    logging.root.handlers.clear()
    try:
        yield
    finally:
        logging.root.handlers[:] = handlers
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        structlog.configure(**config)


@contextmanager
def logged() -> Iterator[Callable[[], str]]:
    """Let the block configure the logging; yield what reads what it has logged."""

    def read() -> str:
        logging.root.handlers[0].flush()
        file.seek(0)
        return file.read()

    with logging_restored(), TemporaryFile("w+") as file, redirect_stderr(file):
        yield read


@pytest.fixture(scope="module")
def written() -> str:
    """Return what a program with our logging writes to standard error."""
    with logged() as read:
        write()
        return read()


@pytest.fixture(scope="module")
def lines(written: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.splitlines()]


@pytest.mark.parametrize(
    "line",
    [
        TOKEN,
        f"token={TOKEN}.",
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        f"GET https://api.telegram.org/file/bot{TOKEN}/photos/1.jpg",
        f"/bot{TOKEN.replace(':', '%3A')}/getMe",
        f"two: {TOKEN},{TOKEN}",
    ],
)
def test_a_token_is_blotted_out_wherever_it_stands(line: str) -> None:
    assert redact(line) == line.replace("%3A", ":").replace(TOKEN, "<token>")


@pytest.mark.parametrize(
    "line", ["2026-03-03T14:02:05.000006Z", "127.0.0.1:8081", "booking:7:welcome", "12:34:56"]
)
def test_what_is_no_token_stays(line: str) -> None:
    assert redact(line) == line


def test_no_line_has_a_token_in_it(written: str) -> None:
    assert "secret" not in written


def test_a_traceback_stays_readable(lines: list[dict[str, Any]]) -> None:
    ours, theirs = lines[2:]

    for line in (ours, theirs):
        assert line["exception"].startswith("Traceback")
        assert line["exception"].endswith("ValueError: https://api.telegram.org/bot<token>/getMe")


def test_a_line_is_one_json_object_for_whoever_collects_them(
    lines: list[dict[str, Any]],
) -> None:
    ours, theirs = lines[:2]

    assert (ours["event"], ours["booking"]) == ("Вера\nждёт", 7)
    assert (ours["level"], ours["logger"]) == ("warning", "bot.app")
    assert (theirs["event"], theirs["level"]) == ("a library says <token>", "error")


def test_a_line_for_every_update_or_request_is_left_out(lines: list[dict[str, Any]]) -> None:
    assert len(lines) == 4


def test_why_the_program_ends_is_the_last_line_of_the_log() -> None:
    with logged() as read:
        configure_logging()(COMPLAINT)
        [line] = map(json.loads, read().splitlines())

    assert (line["event"], line["level"]) == ("Telegram does not know <token>.", "critical")


def test_in_a_terminal_why_the_program_ends_stands_alone() -> None:
    ours, theirs = os.openpty()
    with logging_restored(), os.fdopen(theirs, "w") as terminal, redirect_stderr(terminal):
        configure_logging()(COMPLAINT)
        logging.root.handlers[0].flush()
        written = os.read(ours, 1000)
    os.close(ours)

    assert written.decode() == "Telegram does not know <token>.\r\n"


def test_a_traceback_that_recurs_is_written_once_but_each_of_its_lines_is() -> None:
    with logged() as read:
        configure_logging()
        for number in range(200):
            try:
                fail()
            except ValueError:
                structlog.get_logger("bot.work").exception("the work failed", number=number)
                logging.getLogger("theirs").exception("theirs")
        written = [json.loads(line) for line in read().splitlines()]

    assert [line.get("number") for line in written[::2]] == list(range(200))
    assert ["exception" in line for line in written] == [True, True] + [False] * 398
    assert re.fullmatch(r"ValueError at \S+test_logs\.py:\d+", written[-1]["again"])


def test_a_traceback_that_recurs_is_written_again_after_a_minute_and_others_at_once() -> None:
    now = 0.0
    recurring = Recurring(clock=lambda: now)

    def is_shown(event: str, error: Exception) -> bool:
        return "exc_info" in recurring(None, "error", {"event": event, "exc_info": error})

    assert is_shown("failed", ValueError())
    assert not is_shown("failed", ValueError())
    assert is_shown("failed", KeyError())
    assert is_shown("failed as well", ValueError())
    now = 61.0
    assert is_shown("failed", ValueError())
    assert not is_shown("failed", ValueError())
