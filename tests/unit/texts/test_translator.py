"""The translator: plurals, languages, escapes and moments."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date

from bot.i18n import Html, TextError, Translator, Translators

TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))
BERLIN: Final = ZoneInfo("Europe/Berlin")
MARCH: Final = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)


in_both = pytest.mark.parametrize(
    "t", [pytest.param(t, id=t.language) for t in TRANSLATORS.all(MARCH)]
)


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (0, "0 заявок", "0 bookings"),
        (1, "1 заявка", "1 booking"),
        (2, "2 заявки", "2 bookings"),
        (5, "5 заявок", "5 bookings"),
        (11, "11 заявок", "11 bookings"),
        (21, "21 заявка", "21 bookings"),
        (112, "112 заявок", "112 bookings"),
        (1234, "1234 заявки", "1234 bookings"),
    ],
)
def test_a_number_chooses_the_plural_form(count: int, russian: str, english: str) -> None:
    assert TRANSLATORS.of("ru", MARCH)("list-total", count=count) == russian
    assert TRANSLATORS.of("en", MARCH)("list-total", count=count) == english


@pytest.mark.parametrize(
    ("client", "language"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU", "ru"), ("en-GB", "en"), ("de", "en"), (None, "en")],
)
def test_a_person_is_spoken_to_in_the_language_of_their_client(
    client: str | None, language: str
) -> None:
    assert TRANSLATORS.of(client, MARCH).language == language


def test_the_school_chooses_the_language_of_everybody_else() -> None:
    translators = Translators(default="ru", timezone=ZoneInfo("UTC"))

    assert translators.of("de", MARCH).language == "ru"


@in_both
def test_what_people_call_themselves_is_no_markup(t: Translator) -> None:
    assert "&lt;b&gt;&amp;" in t("student-start", name="<b>&")
    assert "<b>&" in t.plain("student-start", name="<b>&")
    assert "<i>x</i>" in t("student-start", name=Html("<i>x</i>"))


@in_both
def test_a_value_with_braces_stays_as_it_is(t: Translator) -> None:
    assert "{name.__class__}" in t("student-start", name="{name.__class__}")


@in_both
def test_a_text_that_is_not_there_is_a_bug_that_shows(t: Translator) -> None:
    with pytest.raises(TextError):
        t("no-such-text")
    with pytest.raises(TextError):
        t("student-start")


@in_both
def test_moments_are_those_of_the_school(t: Translator) -> None:
    tokyo = Translators(default="en", timezone=ZoneInfo("Asia/Tokyo")).of(t.language, MARCH)

    assert "14:02" in t.moment(MARCH)
    assert "23:02" in tokyo.moment(MARCH)


@in_both
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_reads_as_its_language_writes_it(t: Translator, month: int) -> None:
    day = date(2026, month, 3)

    assert t.day(day) == format_date(day, "d MMM y", locale=t.language)


@pytest.mark.parametrize(
    ("moment", "now", "text"),
    [
        # Clocks go back at 03:00, so an hour comes twice, and forward at 02:00, so one is missing.
        ("2026-10-25 02:30 fold=0", "2026-10-25 02:30 fold=1", "25 Oct 2026, 02:30 (1 hr ago)"),
        ("2026-10-25 01:30 fold=0", "2026-10-25 03:30 fold=0", "25 Oct 2026, 01:30 (3 hr ago)"),
        ("2026-03-29 01:30 fold=0", "2026-03-29 03:30 fold=0", "29 Mar 2026, 01:30 (1 hr ago)"),
        ("2026-10-24 12:00 fold=0", "2026-10-25 06:59 fold=0", "24 Oct 2026, 12:00 (19 hr ago)"),
        ("2026-10-24 12:00 fold=0", "2026-10-24 12:00 fold=0", "24 Oct 2026, 12:00"),
        ("2026-10-24 12:00 fold=0", "2026-10-25 07:01 fold=0", "24 Oct 2026, 12:00"),
    ],
)
def test_how_long_ago_it_was_is_right_when_clocks_change(moment: str, now: str, text: str) -> None:
    translators = Translators(default="en", timezone=BERLIN)
    at, seen = in_berlin(moment), in_berlin(now)

    assert translators.of("en", seen).when(at) == text
    assert translators.of("en", seen.astimezone(UTC)).when(at.astimezone(UTC)) == text


def in_berlin(text: str) -> datetime:
    time, _, fold = text.partition(" fold=")
    return datetime.fromisoformat(time).replace(tzinfo=BERLIN, fold=int(fold))


@in_both
def test_what_is_still_to_come_is_said_by_the_clock(t: Translator) -> None:
    to_come = MARCH + timedelta(minutes=1)

    assert t.when(to_come) == t.moment(to_come)


@pytest.mark.parametrize(
    ("seconds", "age"),
    [
        (94, "1 min"),
        (119, "1 min"),
        (64 * 60, "1 hr"),
        (30 * 60 * 60, "1 day"),
        (13 * 24 * 60 * 60, "13 days"),
        (20 * 24 * 60 * 60, "2 wks"),
    ],
)
def test_an_age_is_in_the_largest_unit_that_says_enough(seconds: int, age: str) -> None:
    t = TRANSLATORS.of("en", MARCH)

    assert t.age(MARCH - timedelta(seconds=seconds)) == age
