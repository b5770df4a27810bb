"""A bot's updates, from the moment they happen until the bot has confirmed them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import count, islice

from aiogram.enums import UpdateType
from aiogram.types import TelegramObject, Update

from simulator.errors import conflict

#: Left out unless a bot asks for them by name.
_ON_REQUEST = {
    UpdateType.CHAT_MEMBER,
    UpdateType.MESSAGE_REACTION,
    UpdateType.MESSAGE_REACTION_COUNT,
}
_BY_DEFAULT = frozenset(kind.value for kind in UpdateType if kind not in _ON_REQUEST)


class UpdateQueue:
    """What a bot has not confirmed yet, oldest first.

    Which kinds a bot wants is remembered between calls, and asked when something happens:
    what was not wanted then is not kept for later.
    """

    def __init__(self) -> None:
        self.named: Sequence[str] | None = None
        """The kinds the bot has named; None while it takes the default ones."""
        self.pending: dict[int, Update] = {}
        self._ids = count(1)
        self._poll: asyncio.Future[None] | None = None

    def put(self, kind: UpdateType, event: TelegramObject) -> None:
        if kind.value not in (self.named or _BY_DEFAULT):
            return
        update_id = next(self._ids)
        update = {"update_id": update_id, kind.value: event}
        self.pending[update_id] = Update.model_validate(update)
        self.wake()

    def wake(self) -> None:
        """Let the poll that waits return what there is."""
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember the kinds a bot names; an empty list means the default ones."""
        if kinds is not None:
            self.named = kinds

    def drop(self) -> None:
        self.pending.clear()

    def confirm(self, update_id: int) -> None:
        """Forget one update, if it has not been dropped meanwhile."""
        self.pending.pop(update_id, None)

    async def poll(self, *, offset: int, limit: int, wait: float) -> list[Update]:
        """Return the first `limit` updates from `offset` on; wait for one when there is none.

        Updates before `offset` are forgotten. A negative offset counts from the end.

        Raises:
            ApiError: another poll has begun to wait meanwhile, or a webhook was set.
        """
        self._forget_before(offset)
        if not self.pending and wait:
            self.end_poll(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
            await self._wait(wait)
        return list(islice(self.pending.values(), limit))

    def end_poll(self, reason: str) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_exception(conflict(reason))

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            forgotten = list(self.pending)[:offset]
        else:
            forgotten = [update_id for update_id in self.pending if update_id < offset]
        for update_id in forgotten:
            del self.pending[update_id]

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            with suppress(TimeoutError):
                # `wait_for` may lose a cancellation that comes with the answer.
                async with asyncio.timeout(seconds):
                    await poll
        finally:
            if self._poll is poll:
                self._poll = None
