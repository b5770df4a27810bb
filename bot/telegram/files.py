"""Files that people send, fetched from Telegram."""

from io import BytesIO
from typing import Final

import aiohttp
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Document

from bot.errors.adding import FileNotFetched, FileTooLarge
from bot.telegram.refusals import Refusal, refusal_of

_SECONDS: Final = 120


async def fetch(bot: Bot, document: Document, *, most: int) -> bytes:
    """Return the contents of the file.

    Raises:
        FileTooLarge: it has more than `most` bytes, or more than Telegram lets a bot download.
        FileNotFetched: Telegram does not hand it out now.
    """
    try:
        file = await bot.get_file(document.file_id)
        if file.file_path is None or (file.file_size or 0) > most:
            raise FileTooLarge
        target = BytesIO()
        await bot.download_file(file.file_path, target, timeout=_SECONDS)
    except TelegramBadRequest as error:
        if refusal_of(error) is Refusal.LARGE_FILE:
            raise FileTooLarge from None
        raise
    except (aiohttp.ClientError, TimeoutError, OSError):
        # What these errors say has the address of the file, and with it the token.
        raise FileNotFetched from None
    return target.getvalue()
