"""The list of reasons for a cancellation, as text."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.i18n import Html, Translator
from bot.texts import names
from db.models.decisions.reasons import LONGEST_REASON, Reason

_LABEL_LENGTH: Final = 30


def reasons(t: Translator, listed: Sequence[Reason], removed: Reason | None) -> str:
    """Return the reasons in every language, and how one is added."""
    lines = [_entry(t, number, reason) for number, reason in enumerate(listed, start=1)]
    if not listed:
        lines.append(t("reasons-none"))
    hints = [*_removed(t, removed), t("reasons-hint")]
    return "\n".join([t("reasons-heading"), "", *lines, "", *hints])


def label(t: Translator, reason: Reason) -> str:
    """Return the reason in the admin's language, as plain text that fits a button."""
    return names.clean(reason.remark.text(t.language), _LABEL_LENGTH)


def _entry(t: Translator, number: int, reason: Reason) -> Html:
    written = reason.remark.texts.values()
    texts = " · ".join(names.clean(text, LONGEST_REASON) for text in written)
    return t("reasons-entry", number=number, texts=texts)


def _removed(t: Translator, removed: Reason | None) -> Iterable[str]:
    if removed is not None:
        yield t(
            "reasons-dropped", text=names.clean(removed.remark.text(t.language), LONGEST_REASON)
        )
