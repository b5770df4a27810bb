"""Both languages have the same texts, and the code uses exactly these."""

import ast
import re
from collections.abc import Iterator, Mapping, Set
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final, get_args
from zoneinfo import ZoneInfo

import pytest
from aiogram.filters import Command
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import handlers
from bot.errors import DomainError
from bot.i18n import LOCALES, Translator, Translators
from bot.services.status import Mode
from bot.texts.icons import UNREACHABLE
from bot.texts.lists import TABS
from bot.views.acting import MessageAction
from bot.views.adding.imports import ImportStep
from db.models.adding.drafts import DraftField
from db.models.adding.imports import CellProblem, Field, FileProblem, ImportState, RowResult
from db.models.audit import Period
from db.models.bookings import BookingAction, BookingStatus, Reachability
from db.models.bulks import BulkAction, BulkPart, BulkState
from db.models.filters import WelcomeState
from db.models.outbox import (
    NOTICES,
    OUT_OF_REACH,
    REMINDER,
    TELLINGS,
    WELCOME,
    MessageState,
    Reason,
)

ROOT: Final = Path(__file__).parents[3]
SCREENS: Final = (
    "handlers",
    "keyboards",
    "bot/screens",
    "bot/texts",
    "bot/telegram/menus.py",
    "bot/errors",
    "bot/i18n.py",
)
TRANSLATORS: Final = Translators(default="en", timezone=ZoneInfo("UTC"))
MARCH: Final = datetime(2026, 3, 3, 14, 2, tzinfo=UTC)
DECISIONS: Final = {
    BookingAction.CONFIRM,
    BookingAction.CANCEL,
    BookingAction.MOVE,
    BookingAction.REOPEN,
}
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


@cache
def messages(language: str) -> Mapping[str, Message]:
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
        for filter_ in handler.filters or []
        if isinstance(filter_.callback, Command)
        for command in filter_.callback.commands
    }


def families() -> dict[str, Set[str]]:
    """Return the possible ends of each id that the code assembles."""
    tabs = {"all" if status is None else status.value for status in TABS}
    done = DECISIONS | {BookingAction.UNDO}
    changes = done | {BookingAction.ADD}
    message_actions = {action.name.lower() for action in MessageAction}
    ends_of_a_period = {"since", "until"}
    questions = {"status", "course", "stream", "days", "discount", "code", "welcome"}
    return {
        "alert-": {
            *("polling-begun", "polling-over", "webhook-begun", "webhook-over", "outbox-begun"),
            *("outbox-over", "database-begun", "database-past", "desk-past"),
        },
        "button-": ends_of_a_period,
        "button-message-": message_actions,
        "button-add-": set(DraftField),
        "button-import-": {ImportStep.WELCOME, ImportStep.TWINS},
        "import-": {
            *(ImportState.RUNNING, ImportState.STOPPED, ImportState.UNDOING),
            *(ImportState.DONE, ImportState.UNDONE),
        },
        "import-cell-": set(CellProblem),
        "import-delimiter-": {"comma", "semicolon", "tab"},
        "import-field-": set(Field),
        "import-file-": set(FileProblem),
        "import-result-": {
            *(RowResult.DUPLICATE, RowResult.UNREADABLE, RowResult.REFUSED, RowResult.KEPT)
        },
        "list-import-": {ImportState.RUNNING, ImportState.STOPPED, ImportState.UNDOING},
        "calendar-": ends_of_a_period,
        "change-": set(BookingAction),
        "bulk-": set(BulkAction) | {BulkState.DONE, BulkState.STOPPED} | set(BulkPart),
        "bulk-tells-": {BulkAction.CANCEL, BulkAction.MOVE},
        "button-bulk-": set(BulkPart),
        "button-bulk-begin-": set(BulkAction),
        "command-": commands(),
        "did-": changes,
        "did-external-": set(BookingStatus),
        "filter-days-": {"today", "week", "month"},
        "filter-discount-": {"with", "without"},
        "filter-welcome-": set(WelcomeState),
        "filter-answer-discount-": {"with", "without"},
        "filter-answer-welcome-": set(WelcomeState),
        "filter-question-": questions,
        "filter-which-": {*questions, "month"},
        "final-": DECISIONS - {BookingAction.REOPEN},
        "undo-until-": DECISIONS | {BookingAction.ADD},
        "list-empty-": tabs,
        "list-order-": {"newest", "oldest"},
        "log-": set(BookingAction),
        "log-period-": {period.name.lower() for period in Period},
        "message-kind-": {*NOTICES, *TELLINGS, WELCOME, REMINDER},
        "message-by-hand-": {*TELLINGS, WELCOME},
        "message-state-": set(MessageState),
        "notice-": set(MessageState),
        "notice-what-": {*TELLINGS, WELCOME},
        "told-": set(MessageState),
        "person-": set(Reachability) - set(UNREACHABLE),
        "reachability-": set(UNREACHABLE),
        "reader-": set(OUT_OF_REACH),
        "reason-": set(Reason),
        "review-tally-": DECISIONS,
        "status-": set(BookingStatus),
        "status-mode-": set(get_args(Mode)),
        "student-status-": set(BookingStatus),
        "tab-": tabs,
        "toast-": done,
        "toast-message-": message_actions - {"ask_resend"},
        "welcome-": set(MessageState),
        "reminder-": set(MessageState),
        "notice-line-": set(MessageState),
    }


def nodes() -> Iterator[ast.AST]:
    for screen in SCREENS:
        path = ROOT / screen
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            yield from ast.walk(ast.parse(file.read_text("utf-8")))


def ids_in_code() -> set[str]:
    """Return constants in the form of an id, and arguments of calls of a translator."""
    constants = {node.value for node in nodes() if isinstance(node, ast.Constant)}
    arguments = {
        call.args[0].value
        for call in nodes()
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.func, ast.Name) and call.func.id == "t"
    }
    formed = {value for value in constants if isinstance(value, str) and ID.fullmatch(value)}
    return formed | {value for value in arguments if isinstance(value, str)}


def families_in_code() -> set[str]:
    beginnings = {
        node.values[0].value
        for node in nodes()
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    return {value for value in beginnings if isinstance(value, str) and FAMILY.fullmatch(value)}


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

    assert all(names == english for names in others)


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

    words = TRANSLATORS.words_of_files
    read = {
        *(f"read-column-{field}" for field, _ in words.columns.values()),
        *(f"read-status-{status}" for status in words.statuses.values()),
    }

    assert ids_in_code() | built | typed | read == messages("en").keys()


@pytest.mark.parametrize("error", DomainError.__subclasses__())
def test_every_refusal_has_words(error: type[DomainError]) -> None:
    assert error.text_id in messages("en")


@in_both
def test_a_command_is_described_within_telegrams_limit(t: Translator) -> None:
    for command in commands():
        assert 1 <= len(t.plain(f"command-{command}")) <= 256


LINKED: Final = re.compile(r"(?<![\w/<{])(?:@(?P<name>\w+)|/(?P<command>[a-z]+))")
UNREAD: Final = re.compile(r"<code>.*?</code>|</?\w[^>]*>|@?\{[^}]*\}")
"""Parts of a text in which Telegram makes no link, and what values bring."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_word_becomes_a_link_to_a_stranger(language: str) -> None:
    found = {
        text_id: (match["name"], match["command"])
        for text_id, message in messages(language).items()
        for text in texts_of(message)
        for match in LINKED.finditer(UNREAD.sub("", text))
        if match["name"] or match["command"] not in commands()
    }

    assert found == {}
