"""The school's list of reasons for a cancellation."""

from collections.abc import Sequence

from bot.errors import ChoiceGone, ReasonsFull, SearchEmpty, WordsTooLong
from bot.services.access import Desk, Permission
from bot.services.visible import visible
from db.database import UnitOfWork
from db.models.audit import Actor, Remark
from db.models.decisions.reasons import LONGEST_REASON, MOST_REASONS, Reason


class ReasonService:
    """The list of reasons, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not read the list, or not change it.
    """

    def __init__(self, desk: Desk, languages: Sequence[str]) -> None:
        """Keep the reasons in these languages."""
        self._desk = desk
        self._languages = languages

    async def list(self, *, by: Actor) -> Sequence[Reason]:
        async with self._desk.statement(by) as uow:
            return await uow.reasons.listed()

    async def add(self, text: str, *, by: Actor) -> Sequence[Reason]:
        """Add a reason that is written in one line for each language, or in one line for all.

        Raises:
            SearchEmpty, WordsTooLong: it has no line, or a line is too long.
            ReasonsFull: the list has MOST_REASONS.
        """
        remark = self._remark(text)
        async with self._desk.transaction(by, Permission.CONFIGURE) as uow:
            await _need_room(uow)
            await uow.reasons.add(remark, by=by)
            return await uow.reasons.listed()

    async def set_listed(self, reason_id: int, *, listed: bool, by: Actor) -> Reason:
        """Take a reason off the list, or put it back.

        Raises:
            ChoiceGone: there is no such reason.
            ReasonsFull: the list has MOST_REASONS.
        """
        async with self._desk.transaction(by, Permission.CONFIGURE) as uow:
            reason = await uow.reasons.get(reason_id)
            if reason is None:
                raise ChoiceGone
            if listed:
                await _need_room(uow, beside=reason)
            await uow.reasons.list_again(reason_id, listed=listed)
            return reason

    def _remark(self, text: str) -> Remark:
        lines = [line for line in map(visible, text.splitlines()) if line]
        if not lines:
            raise SearchEmpty
        if len(max(lines, key=len)) > LONGEST_REASON:
            raise WordsTooLong(LONGEST_REASON)
        if len(lines) < len(self._languages):
            return Remark.of_words(lines[0])
        return Remark(dict(zip(self._languages, lines, strict=False)))


async def _need_room(uow: UnitOfWork, beside: Reason | None = None) -> None:
    await uow.reasons.lock()
    others = [reason for reason in await uow.reasons.listed() if reason != beside]
    if len(others) >= MOST_REASONS:
        raise ReasonsFull(MOST_REASONS)
