"""The kinds of messages, by their names in the outbox."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.i18n import Translators
from bot.kinds.acts import Kind
from bot.kinds.alert import AlertKind
from bot.kinds.approval import Approval
from bot.kinds.arrival import Arrival
from bot.kinds.reminder import Reminder
from bot.kinds.told import Told
from bot.kinds.unreached import Unreached
from bot.kinds.welcome import Welcome
from bot.services.access.receivers import Receivers
from db.models.outbox import (
    ALERT,
    APPROVAL,
    ARRIVAL,
    CANCELLED,
    MOVED,
    REMINDER,
    UNREACHED,
    WELCOME,
)


def build_kinds(
    translators: Translators, receivers: Receivers, *, student_bot: str, grace: timedelta
) -> Mapping[str, Kind[Any]]:
    """Return the kinds; `student_bot` is the username of the bot that students know."""
    unreached = Unreached(translators, receivers, student_bot=student_bot)
    told = Told(unreached)
    return {
        WELCOME: Welcome(unreached),
        CANCELLED: told,
        MOVED: told,
        REMINDER: Reminder(),
        UNREACHED: unreached,
        ARRIVAL: Arrival(receivers, grace=grace),
        ALERT: AlertKind(receivers),
        APPROVAL: Approval(receivers),
    }
