"""Both languages say the same things, and nothing the program says is without words."""

import ast
import re
from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Final, get_args
from zoneinfo import ZoneInfo

import pytest
from aiogram.filters import Command
from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import handlers
from bot.errors import DomainError
from bot.i18n import LOCALES, Html, TextError, Translator, Translators
from bot.services.status import Mode
from bot.texts.icons import UNREACHABLE
from bot.texts.lists import TABS
from bot.texts.outbox import OF_THE_READER
from db.models.audit import Period
from db.models.bookings import BookingAction, BookingStatus, Reachability
from db.models.filters import WelcomeState
from db.models.outbox import UNREACHED, WELCOME, MessageState, Reason
from keyboards.payloads.outbox import MessageAction

ROOT: Final = Path(__file__).parents[2]
SCREENS: Final = (
    "handlers",
    "keyboards",
    "bot/screens",
    "bot/texts",
    "bot/telegram/menus.py",
    "bot/errors.py",
    "bot/i18n.py",
)
TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))
BERLIN: Final = ZoneInfo("Europe/Berlin")
MARCH: Final = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
ID: Final = re.compile(r"[a-z]+(?:-[a-z_]+)+")
FAMILY: Final = re.compile(r"[a-z]+(?:-[a-z_]+)*-")

in_both = pytest.mark.parametrize(
    "t", [pytest.param(t, id=t.language) for t in TRANSLATORS.all(MARCH)]
)


def catalogue(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def texts_of(message: Message) -> list[str]:
    forms = message.string if isinstance(message.string, tuple) else [message.string]
    return [str(form or "") for form in forms]


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def messages(language: str) -> dict[str, Message]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in catalogue(language)
        if message.id
    }


def commands() -> set[str]:
    return {
        str(command)
        for router in handlers.build_routers()
        for handler in router.message.handlers
        for each in handler.filters or []
        if isinstance(each.callback, Command)
        for command in each.callback.commands
    }


def families() -> dict[str, Set[str]]:
    """Return what can follow where the program puts an id together."""
    tabs = {"all" if status is None else status.value for status in TABS}
    decisions = {BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.MOVE}
    done = decisions | {BookingAction.UNDO}
    message_actions = {action.name.lower() for action in MessageAction}
    ends_of_a_period = {"since", "until"}
    return {
        "button-": ends_of_a_period,
        "button-message-": message_actions,
        "calendar-": ends_of_a_period,
        "change-": set(BookingAction),
        "button-more-": {"course", "stream", "month", "code"},
        "command-": commands(),
        "did-": done,
        "did-external-": set(BookingStatus),
        "filter-days-": {"today", "week", "month"},
        "filter-discount-": {"with", "without"},
        "filter-welcome-": set(WelcomeState),
        "filter-which-": {"course", "stream", "month", "code"},
        "final-": decisions,
        "list-empty-": tabs,
        "list-order-": {"newest", "oldest"},
        "log-": set(BookingAction),
        "log-period-": {period.name.lower() for period in Period},
        "message-kind-": {UNREACHED, WELCOME},
        "message-state-": set(MessageState),
        "notice-": {MessageState.WAITING, MessageState.FAILED, MessageState.UNKNOWN},
        "person-": set(Reachability) - set(UNREACHABLE),
        "reachability-": set(UNREACHABLE),
        "reader-": set(OF_THE_READER),
        "reason-": set(Reason),
        "status-": set(BookingStatus),
        "status-mode-": set(get_args(Mode)),
        "student-status-": set(BookingStatus),
        "tab-": tabs,
        "toast-": done,
        "toast-message-": message_actions - {"ask_resend"},
        "welcome-": set(MessageState),
        "notice-line-": set(MessageState),
    }


def nodes() -> Iterator[ast.AST]:
    for screen in SCREENS:
        path = ROOT / screen
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            yield from ast.walk(ast.parse(file.read_text("utf-8")))


def ids_in_code() -> set[str]:
    """Return what is an id by its looks, and what a translator is called with."""
    constants = {node.value for node in nodes() if isinstance(node, ast.Constant)}
    asked = {
        call.args[0].value
        for call in nodes()
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.func, ast.Name) and call.func.id == "t"
    }
    looks = {each for each in constants if isinstance(each, str) and ID.fullmatch(each)}
    return looks | {each for each in asked if isinstance(each, str)}


def families_in_code() -> set[str]:
    beginnings = {
        node.values[0].value
        for node in nodes()
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    return {each for each in beginnings if isinstance(each, str) and FAMILY.fullmatch(each)}


def test_both_languages_are_there() -> None:
    assert [t.language for t in TRANSLATORS.all(MARCH)] == ["en", "ru"]


def test_every_language_has_the_same_texts() -> None:
    assert messages("en").keys() == messages("ru").keys()


@pytest.mark.parametrize("text_id", sorted(messages("en")))
def test_a_text_has_the_same_placeholders_in_every_language_and_form(text_id: str) -> None:
    english, *others = [
        placeholders(text)
        for language in ("en", "ru")
        for text in texts_of(messages(language)[text_id])
    ]

    assert all(each == english for each in others)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_text_that_counts_has_every_plural_form(language: str) -> None:
    counting = {
        text_id
        for text_id, message in messages(language).items()
        if "count" in placeholders(texts_of(message)[0])
    }
    forms = {
        text_id: len(message.string)
        for text_id, message in messages(language).items()
        if isinstance(message.string, tuple)
    }

    assert forms.keys() == counting >= {"list-total", "outbox-total"}
    assert set(forms.values()) == {catalogue(language).num_plurals}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_text_is_empty_or_doubtful(language: str) -> None:
    for message in messages(language).values():
        assert all(text.strip() for text in texts_of(message))
        assert not message.fuzzy


def test_the_families_of_texts_are_the_ones_the_code_puts_together() -> None:
    assert families_in_code() == families().keys()


def test_what_the_program_says_and_what_the_languages_have_is_the_same() -> None:
    built = {family + end for family, ends in families().items() for end in ends}
    typed = {
        f"typed-{kind}-{meaning}"
        for kind, words in TRANSLATORS.vocabulary.items()
        for meaning in words.values()
    }

    assert ids_in_code() | built | typed == messages("en").keys()


@pytest.mark.parametrize("error", DomainError.__subclasses__())
def test_every_refusal_has_words(error: type[DomainError]) -> None:
    assert error.text_id in messages("en")


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
    ("moment", "now", "said"),
    [
        # Clocks go back at 03:00 and forward at 02:00: an hour comes twice, or not at all.
        ("2026-10-25 02:30 fold=0", "2026-10-25 02:30 fold=1", "25 Oct 2026, 02:30 (60 min ago)"),
        ("2026-10-25 01:30 fold=0", "2026-10-25 03:30 fold=0", "25 Oct 2026, 01:30 (3 hr ago)"),
        ("2026-03-29 01:30 fold=0", "2026-03-29 03:30 fold=0", "29 Mar 2026, 01:30 (60 min ago)"),
        ("2026-10-24 12:00 fold=0", "2026-10-25 06:59 fold=0", "24 Oct 2026, 12:00 (20 hr ago)"),
        ("2026-10-24 12:00 fold=0", "2026-10-24 12:00 fold=0", "24 Oct 2026, 12:00 (just now)"),
        ("2026-10-24 12:00 fold=0", "2026-10-25 07:01 fold=0", "24 Oct 2026, 12:00"),
    ],
)
def test_how_long_ago_it_was_is_right_when_clocks_change(moment: str, now: str, said: str) -> None:
    translators = Translators(default="en", timezone=BERLIN)
    at, seen = in_berlin(moment), in_berlin(now)

    assert translators.of("en", seen).when(at) == said
    assert translators.of("en", seen.astimezone(UTC)).when(at.astimezone(UTC)) == said


def in_berlin(text: str) -> datetime:
    time, _, fold = text.partition(" fold=")
    return datetime.fromisoformat(time).replace(tzinfo=BERLIN, fold=int(fold))


@in_both
def test_what_is_still_to_come_is_said_by_the_clock(t: Translator) -> None:
    to_come = MARCH + timedelta(minutes=1)

    assert t.when(to_come) == t.moment(to_come)


def test_what_was_written_after_the_press_was_read_is_just_now() -> None:
    t = TRANSLATORS.of("en", MARCH - timedelta(seconds=1))

    assert t.when(MARCH) == "3 Mar 2026, 14:02 (just now)"


@in_both
def test_a_command_is_described_within_telegrams_limit(t: Translator) -> None:
    for command in commands():
        assert 1 <= len(t.plain(f"command-{command}")) <= 256
