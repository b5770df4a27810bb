"""A token and a picture for the tests of the simulator."""

import struct
import zlib
from typing import Final

TOKEN: Final = "1001:desk-token"


def png(width: int, height: int) -> bytes:
    """Return as much of a picture as says how large it is."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + header
        + struct.pack(">I", zlib.crc32(header))
    )
