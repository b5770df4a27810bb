"""The words that admins type after /bookings, in every spelling of both languages."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Translators

SPELLINGS: Final = {
    "status": {
        "new": "new новые новая",
        "pending": "pending ждут ждёт ждет",
        "confirmed": "confirmed подтверждены подтверждена",
        "cancelled": "cancelled canceled отменены отменена",
    },
    "days": {"today": "today сегодня", "week": "week неделя", "month": "month месяц"},
    "welcome": {
        "undelivered": "undelivered недоставлено",
        "waiting": "onhold waiting отложено ожидает",
        "delivered": "delivered доставлено",
    },
    "discount": {"with": "discount скидка", "without": "nodiscount безскидки"},
    "key": {
        "course": "course курс",
        "stream": "stream поток",
        "since": "since с",
        "until": "until по",
        "month": "month месяц",
        "code": "code код промокод",
    },
}


def test_every_spelling_of_both_languages_means_what_it_has_always_meant() -> None:
    vocabulary = Translators(default="en", timezone=ZoneInfo("UTC")).vocabulary

    assert vocabulary == {
        kind: {
            word: meaning for meaning, spellings in meanings.items() for word in spellings.split()
        }
        for kind, meanings in SPELLINGS.items()
    }
