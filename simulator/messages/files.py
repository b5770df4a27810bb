"""Files that were uploaded to Telegram."""

import hashlib
import struct
from dataclasses import dataclass
from typing import Final

from aiogram.types import BufferedInputFile, InputFile

from simulator.errors import ApiError, bad_request

#: What the server says of an id in which there is nothing of an id.
WRONG_ID: Final = "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
_LARGEST_UPLOAD: Final = 50 * 1024**2
_LARGEST_PHOTO: Final = 10 * 1024**2
_LARGEST_THUMBNAIL: Final = 320
_START_OF_FRAME: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class StoredFile:
    """A file, under the id a bot knows it by."""

    file_id: str
    name: str
    content: bytes
    size: tuple[int, int] | None = None
    """Width and height of a photo; None for a document."""

    @property
    def unique_id(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def path(self) -> str:
        return f"{'documents' if self.size is None else 'photos'}/{self.file_id}/{self.name}"


class FileStore:
    """Files by id and by path; nothing is ever deleted."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}

    def photo(self, source: InputFile | str) -> StoredFile:
        """Return the photo a bot sends: an upload, or the id of an earlier one.

        Raises:
            ApiError: it is no photo, or Telegram would not show it.
        """
        if isinstance(source, str):
            return self._known(source, photo=True)
        name, content = _upload(source)
        if len(content) > _LARGEST_PHOTO:
            raise bad_request(
                f"file of size {len(content)} bytes is too big for a photo; "
                f"the maximum size is {_LARGEST_PHOTO} bytes"
            )
        return self._keep(name, content, _photo_size(content))

    def document(self, source: InputFile | str) -> StoredFile:
        """Return the file a bot sends: an upload, or the id of an earlier one.

        Raises:
            ApiError: there is none of this id, or it is too large.
        """
        if isinstance(source, str):
            return self._known(source, photo=False)
        return self._keep(*_upload(source), size=None)

    def thumbnail(self, source: InputFile | None) -> StoredFile | None:
        """Return the small picture of a file; what is no JPEG, or not small, is none."""
        if source is None:
            return None
        name, content = _upload(source)
        size = _jpeg_size(content)
        small = size and max(size) <= _LARGEST_THUMBNAIL
        return self._keep(name, content, size) if small else None

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return next((file for file in self._by_id.values() if file.path == path), None)

    def _keep(self, name: str, content: bytes, size: tuple[int, int] | None) -> StoredFile:
        file = StoredFile(f"file-{len(self._by_id) + 1}", name, content, size)
        self._by_id[file.file_id] = file
        return file

    def _known(self, file_id: str, *, photo: bool) -> StoredFile:
        file = self.get(file_id)
        if file is None and "." in file_id:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file is None:
            raise bad_request(WRONG_ID)
        if photo != (file.size is not None):
            kinds = ("Document", "Photo") if photo else ("Photo", "Document")
            raise bad_request("can't use file of type {} as {}".format(*kinds))
        return file


def _upload(source: InputFile) -> tuple[str, bytes]:
    if not isinstance(source, BufferedInputFile):
        raise TypeError(source)
    if not source.data:
        raise bad_request("file must be non-empty")
    if len(source.data) > _LARGEST_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    return source.filename or "file", source.data


def _photo_size(content: bytes) -> tuple[int, int]:
    size = _png_size(content) or _jpeg_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def _png_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments up to the one that begins the picture."""
    position = 2
    while content.startswith(b"\xff\xd8") and position + 9 <= len(content):
        marker, length = struct.unpack(">xBH", content[position : position + 4])
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None
