"""/status as text: what is well, what is not, and what to do about it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from bot.i18n import Translator
from bot.views.status import DeskState
from db.models.outbox import QueueState
from db.models.signs import OUTBOX, bot_of

_HELD_UP: Final = timedelta(minutes=1)
"""Messages that wait for longer are worth a warning."""


def status(
    t: Translator,
    state: DeskState | None,
    bots: Mapping[str, bool],
    *,
    version: str,
    mode: str,
) -> str:
    """Return the text of /status.

    Args:
        t: the translator.
        state: None if the database does not answer.
        bots: whether Telegram answers each bot, by username.
        version: the program's.
        mode: how updates arrive.
    """
    is_well = state is not None and not state.alarms and all(bots.values())
    lines: list[str] = [t("status-well" if is_well else "status-unwell"), ""]
    lines += [
        t("status-bot" if answers else "status-bot-silent", bot=name)
        for name, answers in bots.items()
    ]
    if state is None:
        lines.append(t("status-database-silent"))
    else:
        lines += _state(t, state)
    lines += ["", *_for_the_engineer(t, state, version, mode)]
    return "\n".join(lines)


def _state(t: Translator, state: DeskState) -> Iterator[str]:
    for sign in state.alarms:
        if sign.name != OUTBOX:
            yield t("status-unheard", bot=bot_of(sign), since=t.when(sign.well_at))
    yield t("status-database")
    yield from _queue(t, state.queue)
    if state.undelivered:
        yield t("status-undelivered", count=state.undelivered)


def _queue(t: Translator, queue: QueueState) -> Iterator[str]:
    if queue.oldest is None:
        yield t("status-queue-empty")
    elif t.now - queue.oldest < _HELD_UP:
        yield t("status-queue-leaving", count=queue.size)
    else:
        yield t("status-queue", count=queue.size, age=t.age(queue.oldest))
    if queue.paused_until is not None:
        yield t("status-paused", at=t.clock(queue.paused_until))


def _for_the_engineer(
    t: Translator, state: DeskState | None, version: str, mode: str
) -> Iterator[str]:
    server = "" if state is None else state.queue.server_version
    yield t(
        "status-engineer", version=version, mode=t(f"status-mode-{mode}"), server=server or "–"
    )
    error = None if state is None else state.last_error
    if error is not None:
        yield t("status-error", at=t.when(error.at), error=t.plain(f"reason-{error.reason}"))
