"""Writing lines to a stream that may be slow, full or gone, without waiting for it."""

import logging
import os
import select
from queue import Full, Queue
from threading import Event, Lock, Thread
from typing import Final

_MOST_WAITING: Final = 1000
_FLUSH_SECONDS: Final = 0.5


class LinesHandler(logging.Handler):
    """Hands lines to a thread that writes them, and counts those that cannot be written.

    A reader that does not read would otherwise stop the event loop with the whole desk.
    """

    def __init__(self, stream: int | None) -> None:
        """Write to the file descriptor `stream`; None drops all lines."""
        super().__init__()
        self._stream = stream
        self._waiting: Queue[str | Event] = Queue(_MOST_WAITING)
        self._dropped = 0
        self._counting = Lock()
        Thread(target=self._write_all, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record in a while, if the stream lets it."""
        try:
            self.put(self.format(record))
        except Exception:  # noqa: BLE001
            self._drop()

    def put(self, line: str) -> None:
        """Write a line in a while, if the stream lets it."""
        try:
            self._waiting.put_nowait(line)
        except Full:
            self._drop()

    def flush(self) -> None:
        """Wait until what was put is written, but not for long."""
        written = Event()
        try:
            self._waiting.put(written, timeout=_FLUSH_SECONDS)
        except Full:
            return
        written.wait(_FLUSH_SECONDS)

    def _write_all(self) -> None:
        while True:
            match self._waiting.get():
                case str(line):
                    self._write_line(line)
                case Event() as written:
                    written.set()

    def _write_line(self, line: str) -> None:
        dropped = self._dropped
        try:
            if dropped:
                self._write(self._about(dropped))
                self._drop(-dropped)
            self._write(line)
        except OSError:
            self._drop()

    def _about(self, dropped: int) -> str:
        words = {"msg": f"log lines dropped: {dropped}", "levelname": "WARNING", "name": __name__}
        return self.format(logging.makeLogRecord(words))

    def _write(self, line: str) -> None:
        if self._stream is None:
            raise OSError
        rest = memoryview(f"{line}\n".encode(errors="backslashreplace"))
        while rest:
            try:
                rest = rest[os.write(self._stream, rest) :]
            except BlockingIOError:
                # Another program with the same stream has asked not to wait.
                select.select([], [self._stream], [])

    def _drop(self, lines: int = 1) -> None:
        with self._counting:
            self._dropped += lines
