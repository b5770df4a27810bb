"""An icon has one meaning wherever an admin sees it, in both languages."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from bot.texts import icons
from tests.unit.texts.test_locales import messages, texts_of

ICON: Final = re.compile("[\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]\ufe0f?|\u21a9\ufe0f")
STUDENTS: Final = re.compile("student-.*|message-(welcome|reminder|cancelled|moved|remark)")
"""What students read, beside whose few icons there are no others."""
LEGENDS: Final = re.compile("log-legend|add-status")
"""What says of several icons what they mean."""
#: Which texts an icon may stand in, by its meaning.
MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "✅": (
        "confirmed, yes, or well",
        ".*confirm.*|alert-.*-over|status-.*|.*-done|import-fitting"
        "|button-(add-now|import-begin|bulk-approve)",
    ),
    "🆕": ("new", "status-new"),
    "⏳": ("waits for a decision", "status-pending|review-waiting"),
    "🚫": ("cancelled", ".*cancel.*"),
    "⚪": ("a status that the desk does not know", "status-unknown"),
    "📋": ("all bookings", "all-bookings|button-all"),
    "♻️": ("reopened", ".*reopen"),
    "🔀": ("moved", ".*move.*|choose-stream.*"),
    "↩️": ("taken back", ".*und(o|one|oing)(-.*)?|.*-(restore|doubt)"),
    "➕": ("added", ".*-add|add-(heading|done)|list-empty-desk"),
    "🗑": ("deleted", "log-delete|bulk-line-gone"),
    "🌐": ("by another program", "log-external"),
    "⚖️": ("the last decision", "decision|why-(never-)?decided"),
    "🔒": ("final", "final-.*"),
    "📤": ("on its way", ".*-(due|queued|sending)"),
    "💌": ("delivered", ".*-(sent|arrived)"),
    "❓": ("may have arrived", ".*-unknown"),
    "📪": ("not delivered, and on hold", ".*-waiting|status-undelivered|notice-several"),
    "✖️": (
        "withdrawn, or not wanted",
        ".*-withdraw(n)?|.*-(drop|dropped|any|refuse|refused)|button-(clear-all|import-no-column)",
    ),
    "👯": ("maybe twice", "message-maybe-twice"),
    "🔁": ("sent again", ".*resend.*"),
    "🗣": ("told by an admin", ".*-told"),
    "✋": ("an admin writes", ".*-(take|leave|writer)|error-taken-by-another"),
    "✉️": ("what is written to the student", ".*welcome.*|button-telling|(question|bulk)-tells.*"),
    "🔕": ("not told", "told-not|question-quiet|bulk-quiet|button-notify.*-stop"),
    "📝": ("words of an admin", "card-remark|question-words|reasons-heading"),
    "⏰": ("a reminder of the payment", ".*-remind(-all)?"),
    "🔔": ("whom the desk told", "message-reader|why-told"),
    "🚪": ("has never started the bot", "reachability-never_started"),
    "📵": ("has blocked the bot", "reachability-blocked"),
    "👻": ("has no account any more", "reachability-deactivated"),
    "📨": ("can be written to", "person-(unknown|reachable)"),
    "⚠️": (
        "trouble, or a warning",
        ".*-failed|alert-.*-past|status-queue|ask-.*|.*-duplicates|button-add-anyway"
        "|button-import-troubles|import-(who|result-unreadable)",
    ),
    "🛎️": ("somebody has booked", "arrivals?|notify|button-notify(-group)?"),
    "🚨": ("an alarm", "alert-.*-begun"),
    "❌": ("does not work", "status-.*"),
    "👉": ("what to do", "status-.*"),
    "🛑": ("refused by the school's table", ".*-refused"),
    "🛠": ("a fault of the desk", "error-bug"),
    "🩺": ("how the desk is", "status-(un)?well"),
    "⚙️": ("at work, wait", "(list-)?import-(reading|running|undoing)|bulk-running|error-busy"),
    "⏸": ("paused", "status-paused|(list-)?import-stopped"),
    "⏹": ("stopped", "bulk-stopped|button-bulk-halt"),
    "▶️": ("begin, or go on", "button-(review|review-again|import-go-on)"),
    "⏭": ("put off", "button-review-later|review-end-left"),
    "📌": ("stays as it is", ".*-(keep|kept)"),
    "♊": ("there already", "import-result-duplicate"),
    "👤": (
        "a person",
        "card-student|message-(to|about)|.*-stream|.*person.*|.*-(pick|picked|concerned)",
    ),
    "👥": ("a stream", "filter-which-stream"),
    "🎓": ("a course", ".*-courses?"),
    "🗓": ("a day", ".*-(created.*|month|days|since|until)"),
    "🎟": ("a discount, and its code", ".*-(discounts?|code)"),
    "🚦": ("a status", "filter-which-status"),
    "🎛": ("a filter", ".*filter.*|button-show-(stream|course)"),
    "🔎": ("what was searched for", "found-heading"),
    "🔭": ("how far was looked", "filter-further"),
    "🌱": ("nothing here yet", ".*-empty(-.*)?|filter-no-choice"),
    "☕": ("nobody waits", "list-empty-pending"),
    "🎉": ("all is done", "outbox-(group-)?empty|review-end"),
    "👍": (
        "nothing to do here",
        "list-empty-cancelled|notice-(withdrawn|gone|several-.*)|import-no-troubles",
    ),
    "📦": ("many at once", ".*bulk.*"),
    "🤝": ("approved", "bulk-approved"),
    "🙋": ("asks for approval", "bulk-asked"),
    "📄": ("a file", ".*import.*"),
    "🔤": ("the columns of a file", "button-import-columns"),
    "✏️": ("to be changed", "button-add-.*"),
    "📜": ("the log", ".*-history|log-heading.*"),
    "📮": ("the outbox", "outbox-heading"),
    "🪪": ("the card", "button-review-card"),
    "💬": ("the student's profile", "button-profile"),
    "🔗": ("a link", "button-share|why-link-given"),
    "🔄": ("drawn again", "button-refresh"),
    "👋": ("a greeting", "help-admin"),
}


def drawn() -> Iterator[tuple[str, str]]:
    """Yield each icon of a state, with the name of what it stands for."""
    for status, icon in icons.BOOKING.items():
        yield icon, f"status-{status}" if status else "all-bookings"
    for state, icon in icons.MESSAGE.items():
        yield icon, f"message-state-{state}"
    for reachability, icon in icons.UNREACHABLE.items():
        yield icon, f"reachability-{reachability}"


def written(language: str) -> Iterator[tuple[str, str]]:
    """Yield each icon of a text that admins read, with the name of the text."""
    for text_id, message in messages(language).items():
        if STUDENTS.fullmatch(text_id) or LEGENDS.fullmatch(text_id):
            continue
        for text in texts_of(message):
            yield from ((icon, text_id) for icon in ICON.findall(text))


def strangers(found: Iterator[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the icons that stand where their meaning is another one, or that have none."""
    return {
        (icon, text_id)
        for icon, text_id in found
        if icon not in MEANINGS or not re.fullmatch(MEANINGS[icon][1], text_id)
    }


def test_the_icons_of_states_have_one_meaning() -> None:
    assert strangers(drawn()) == set()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_icons_of_texts_have_one_meaning(language: str) -> None:
    assert strangers(written(language)) == set()


def test_both_languages_have_the_same_icons() -> None:
    assert set(written("en")) == set(written("ru"))


def test_every_meaning_is_in_use() -> None:
    used = {icon for icon, _ in (*drawn(), *written("en"))}

    assert MEANINGS.keys() == used
    assert len({meaning for meaning, _ in MEANINGS.values()}) == len(MEANINGS)
