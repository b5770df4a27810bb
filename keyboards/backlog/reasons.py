"""The buttons under the list of reasons for a cancellation."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.texts.backlog.reasons import label
from bot.views.lists import EVERYTHING, Origin
from db.models.decisions.reasons import Reason
from keyboards.markup import Button, Markup, button, markup
from keyboards.payloads.lists import ListButton
from keyboards.payloads.questions import ReasonButton, ReasonsButton


def reasons(t: Translator, listed: Sequence[Reason], removed: Reason | None) -> Markup:
    """Return a row for each reason that takes it off the list, and one to put it back."""
    back = []
    if removed is not None:
        payload = ReasonButton.of_fields(reason=removed.id, listed=True)
        back.append(button(t.plain("button-reason-restore"), payload))
    return markup(
        *([_off(t, reason)] for reason in listed),
        back,
        [button(t.plain("button-refresh"), ReasonsButton.of_fields())],
        [button(t.plain("button-all"), ListButton.of(Origin(EVERYTHING)))],
    )


def _off(t: Translator, reason: Reason) -> Button:
    payload = ReasonButton.of_fields(reason=reason.id, listed=False)
    return button(f"✖️ {label(t, reason)}", payload)
