"""Every kind of message that this program sends, by the name that the outbox has for it."""

from collections.abc import Mapping, Set
from typing import Any

from bot.i18n import Translators
from bot.kinds.acts import Kind
from bot.kinds.unreached import Unreached
from bot.kinds.welcome import Welcome
from db.models.outbox import UNREACHED, WELCOME


def build_kinds(
    translators: Translators, *, student_bot: str, admins: Set[int], staff_chat_id: int | None
) -> Mapping[str, Kind[Any]]:
    """Return the kinds; students know the bot with the username `student_bot`."""
    return {
        WELCOME: Welcome(admins=admins, staff_chat_id=staff_chat_id),
        UNREACHED: Unreached(translators, student_bot=student_bot),
    }
