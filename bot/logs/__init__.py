"""Log lines: one format for the program and its libraries, no token and no personal data."""

import logging
import os
import re
import sys
import traceback
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any, Final, TextIO

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from pydantic import ValidationError
from structlog.typing import EventDict, ExcInfo, Processor

from bot.logs.lines import LinesHandler
from bot.logs.recurring import Recurring
from db.errors import reason_of

# A token may stand in the middle of a word: an address has "/bot123456:…".
_TOKEN: Final = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{8,}")


def configure_logging(*, plain: bool = False) -> Callable[[str], None]:
    """Write to standard error: readable in a terminal or if `plain`, else one JSON object a line.

    `logging.shutdown()` lets the writer of the lines finish.

    Returns:
        What says why the program ends: bare words for people, a line of the log for programs.
    """
    # Python has none if it was closed; its number may be that of any file by now.
    stream = None if sys.stderr is None else sys.stderr.fileno()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _errors_told,
        Recurring(),
    ]
    is_terminal = stream is not None and os.isatty(stream)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = _Redacting(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(_plain(colors=is_terminal) if plain or is_terminal else _json()),
        ],
    )
    handler = LinesHandler(stream)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    _quieten()
    if plain or is_terminal:
        return lambda complaint: handler.put(redact(complaint))
    return _complain


def _quieten() -> None:
    """Leave out what says nothing to the school's engineer."""
    # A line for every update or request would hide the important ones.
    logging.getLogger("aiogram.event").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    # Malformed requests of strangers to a public port are not errors of this program.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


def _complain(complaint: str) -> None:
    structlog.get_logger(__name__).critical(complaint)


def _plain(*, colors: bool) -> Sequence[Processor]:
    """Return the steps that write a line for people."""
    # The renderer's own traceback is slow and shows local variables, tokens among them.
    return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=_write_traceback)]


def _json() -> Sequence[Processor]:
    """Return the steps that write a line for programs."""
    return [
        structlog.processors.ExceptionRenderer(_traceback_of),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """The last step before the stream, which the lines of libraries pass, too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def redact(line: str) -> str:
    """Replace everything that looks like a bot's token."""
    return _TOKEN.sub("<token>", line)


def told(error: BaseException) -> str:
    """Return what an error says, without what it quotes of people: their rows and messages."""
    match error:
        case TelegramAPIError():
            return error.message
        case ClientDecodeError():
            return f"{error.message} ({type(error.original).__name__})"
        case ValidationError():
            places = {".".join(map(str, each["loc"])) for each in error.errors()}
            return f"{error.title} cannot be read: {', '.join(sorted(places))}"
        case _:
            return reason_of(error)


def log_loop_error(_: AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Log what asyncio has to tell; by itself it would print tasks with all that they hold."""
    structlog.get_logger("asyncio").error(context["message"], exc_info=context.get("exception"))


def _errors_told(_: object, __: str, event: EventDict) -> EventDict:
    """Put into words the errors that a line names."""
    for key, value in event.items():
        if isinstance(value, BaseException) and key != "exc_info":
            event[key] = told(value)
    return event


def _write_traceback(stream: TextIO, info: ExcInfo) -> None:
    stream.write("\n" + _traceback_of(info))


def _traceback_of(exc_info: ExcInfo) -> str:
    return "".join(_lines_of(exc_info[1])).rstrip("\n")


def _lines_of(error: BaseException) -> Iterator[str]:
    """Yield what Python's own traceback has, with errors as they may be told."""
    if error.__cause__ is not None:
        yield from _lines_of(error.__cause__)
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _lines_of(error.__context__)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{_name_of(error)}: {told(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield indent("".join(_lines_of(each)), "  | ")


def _name_of(error: BaseException) -> str:
    name = type(error).__qualname__
    module = type(error).__module__
    return name if module == "builtins" else f"{module}.{name}"
