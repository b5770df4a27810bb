"""Log lines: one format for the program and its libraries, and never a token."""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import Processor

# A token may stand in the middle of a word: an address has "/bot123456:…".
_TOKEN: Final = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{8,}")


def configure_logging() -> None:
    """Write to standard error: readable in a terminal, one JSON object a line elsewhere."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    terminal = sys.stderr.isatty()
    ending: list[Processor] = (
        # The renderer's own traceback is slow and shows local variables, tokens among them.
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if terminal
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = _Redacting(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # A line for every update would hide the important ones.
    logging.getLogger("aiogram.event").setLevel(logging.WARNING)
    # Malformed requests of strangers to a public port are not errors of this program.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


class _Redacting(structlog.stdlib.ProcessorFormatter):
    """The last step before the stream, which the lines of libraries pass, too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def redact(line: str) -> str:
    """Replace everything that looks like a bot's token."""
    return _TOKEN.sub("<token>", line)
