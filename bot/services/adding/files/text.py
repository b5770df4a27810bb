"""From the bytes of a file to its lines."""

import codecs
import io
from collections.abc import Iterator
from typing import Final

from db.models.adding.imports import FileProblem

UTF_8: Final = "utf-8"
_WINDOWS: Final = "cp1251"
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z", b"Rar!")
"""How workbooks and other archives begin."""
_CHUNK: Final = 1 << 16
LONGEST_ROW: Final = 1 << 18
"""Characters; a row of many lines counts as one."""


class Unreadable(Exception):
    """The file cannot be read at all."""

    def __init__(self, problem: FileProblem, line: int | None = None) -> None:
        super().__init__(problem, line)
        self.problem = problem
        self.line = line


def encoding_of(content: bytes) -> str:
    """Return the encoding of a text: by its byte-order mark, else UTF-8, else Windows Cyrillic.

    Raises:
        Unreadable: it is empty, or no text in any of these.
    """
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Unreadable(FileProblem.EMPTY)
    if content.startswith(_ARCHIVES):
        raise Unreadable(FileProblem.ARCHIVE)
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            _check(content, encoding)
            return encoding
    if (nul := content.find(b"\x00")) >= 0:
        raise Unreadable(FileProblem.BINARY, _line_at(content, nul))
    try:
        _check(content, UTF_8)
    except Unreadable:
        if _is_damaged(content):
            raise
        _check(content, _WINDOWS)
        return _WINDOWS
    return UTF_8


class Lines:
    """The lines of a text, with their ends, counted from 1.

    Raises:
        Unreadable: from iterating, if a row is too long, or a line is no text.
    """

    def __init__(self, content: bytes, encoding: str) -> None:
        self._text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
        self.number = 0
        """Of the line that was read last."""
        self._length = 0

    def begin_row(self) -> None:
        """Count the length of a row from here."""
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_ROW + 1):
            self.number += 1
            self._length += len(line)
            if self._length > LONGEST_ROW:
                raise Unreadable(FileProblem.LONG, self.number)
            if "\x00" in line:
                raise Unreadable(FileProblem.BINARY, self.number)
            yield line


def _check(content: bytes, encoding: str) -> None:
    """Check that all of the content is text; in chunks, as one call would hold up the loop."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    for start in range(0, len(content), _CHUNK):
        chunk = content[start : start + _CHUNK]
        try:
            lines += decoder.decode(chunk, final=start + _CHUNK >= len(content)).count("\n")
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            raise Unreadable(FileProblem.ENCODING, lines + before.count(b"\n")) from None


def _is_damaged(content: bytes) -> bool:
    """Whether it is UTF-8 with some wrong bytes, rather than text of another encoding."""
    decoder = codecs.getincrementaldecoder(UTF_8)("replace")
    right = wrong = 0
    for start in range(0, len(content), _CHUNK):
        text = decoder.decode(content[start : start + _CHUNK])
        here = text.count("\ufffd")
        wrong += here
        right += len(text) - here - len(text.encode("ascii", "ignore"))
    return right > wrong


def _line_at(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
