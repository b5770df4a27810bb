"""What Telegram brings, also when it cannot be read."""

import structlog
from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError

from bot.telegram import speed

logger = structlog.get_logger(__name__)


def read_update(content: object, bot: Bot) -> Update:
    """Return an update; one that cannot be read is empty but for its number.

    Refused, it would come again and again for a day, and hold up what comes after it.

    Raises:
        ValidationError: it has not even a number.
    """
    try:
        return speed.read_update(bot, content)
    except ValidationError as error:
        match content:
            case {"update_id": int(number)}:
                # Where it went wrong; what was written there is nobody's business.
                where = {".".join(map(str, each["loc"])) for each in error.errors()}
                logger.warning(
                    "an update cannot be read", bot=bot.id, update_id=number, where=sorted(where)
                )
                return Update(update_id=number)
        raise
