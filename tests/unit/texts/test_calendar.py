"""The calendar of the filter uses the time zone of the school."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Translators
from bot.views.filters import Choices
from bot.views.lists import SavedQuery
from db.models.filters import Filter, FilterField
from keyboards.filters import choices
from keyboards.payloads.filters import CalendarButton


@pytest.mark.parametrize(
    ("zone", "month"), [("UTC", 1), ("Pacific/Auckland", 2), ("America/New_York", 1)]
)
def test_it_opens_at_the_month_that_it_is_at_the_school(zone: str, month: int) -> None:
    now = datetime(2026, 1, 31, 20, tzinfo=UTC)
    t = Translators(default="en", timezone=ZoneInfo(zone)).of("en", now)
    empty = Choices(
        key=SavedQuery(1),
        filter=Filter(zone=zone),
        field=FilterField.DAYS,
        options=[],
        previous=None,
        next=None,
    )

    markup = choices(t, empty)

    row = markup["inline_keyboard"][1]
    payloads = [CalendarButton.unpack(button["callback_data"]) for button in row]
    assert [payload.field for payload in payloads] == [FilterField.SINCE, FilterField.UNTIL]
    assert {payload.month for payload in payloads} == {2026 * 12 + month - 1}
