"""/status as text."""

from collections.abc import Mapping, Sequence

from bot.i18n import Translator
from bot.texts import names
from db.models.outbox import QueueState


def status(
    t: Translator,
    queue: QueueState | None,
    bots: Mapping[str, bool],
    *,
    version: str,
    mode: str,
) -> str:
    """Return the text of /status.

    Args:
        t: the translator.
        queue: None if the database does not answer.
        bots: whether Telegram answers each bot, by username.
        version: the program's.
        mode: how updates arrive.
    """
    lines: list[str] = [t("status-heading", version=version), ""]
    lines += [
        t("status-bot" if answers else "status-bot-silent", bot=name)
        for name, answers in bots.items()
    ]
    lines.append(t(f"status-mode-{mode}"))
    lines += [t("status-database-silent")] if queue is None else _queue(t, queue)
    return "\n".join(lines)


def _queue(t: Translator, queue: QueueState) -> Sequence[str]:
    lines: list[str] = [t("status-database", version=queue.server_version)]
    if queue.oldest is None:
        lines.append(t("status-queue-empty"))
    else:
        lines.append(t("status-queue", count=queue.size, age=t.age(queue.oldest)))
    if queue.paused_until is not None:
        lines.append(t("status-paused", at=t.clock(queue.paused_until)))
    if queue.last_error is None:
        lines.append(t("status-no-error"))
    else:
        error = queue.last_error
        detail = names.clean(error.detail, 200) or t.plain(f"reason-{error.reason}")
        lines.append(t("status-error", at=t.when(error.at), error=detail))
    return lines
