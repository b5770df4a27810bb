"""Reading updates, also malformed ones."""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.types import Update, User
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot.telegram import speed

logger = structlog.get_logger(__name__)


def read_update(content: object, bot: Bot) -> Update:
    """Return an update; one that cannot be read has only its number.

    Telegram would repeat a refused update for a day, and hold up those behind it.

    Raises:
        ValidationError: the update has no number.
    """
    try:
        return speed.read_update(bot, content)
    except ValidationError as error:
        match content:
            case {"update_id": int(number)}:
                # The log names the malformed fields, and not their values, which are private.
                where = {".".join(map(str, details["loc"])) for details in error.errors()}
                logger.warning(
                    "an update cannot be read", bot=bot.id, update_id=number, where=sorted(where)
                )
                return Update(update_id=number)
        raise


def person_of(update: Update) -> int | None:
    """Return whom an update comes from; None for a channel's post, or an update without a kind."""
    with suppress(UpdateTypeLookupError):
        user: User | None = getattr(update.event, "from_user", None)
        return user.id if user else None
    return None


def read_updates(contents: Sequence[object], bot: Bot) -> Sequence[Update]:
    """Return the updates that have a number; nothing can be done with any other."""
    updates = []
    for content in contents:
        with suppress(ValidationError):
            updates.append(read_update(content, bot))
    return updates
