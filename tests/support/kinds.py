"""The program's kinds of messages, with the settings of the tests."""

from collections.abc import Mapping, Set
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.i18n import Translators
from bot.kinds import build_kinds
from bot.kinds.acts import Kind
from bot.services.access.receivers import Receivers
from tests.support.school import ANNA_ID

TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))


def the_kinds(
    *, admins: Set[int] = frozenset({ANNA_ID}), staff_chat_id: int | None = None
) -> Mapping[str, Kind[Any]]:
    return build_kinds(
        TRANSLATORS,
        Receivers(admins, staff_chat_id),
        student_bot="school_desk_bot",
        grace=timedelta(0),
    )
