"""What a person waits for after a press or a search."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import InlineQueryResultUnion

from simulator.updates.queries import Answer, Query, Search
from simulator.world import World


@dataclass(frozen=True)
class Press:
    """A press on a button, and what came of it."""

    world: World
    query: Query

    @property
    def answer(self) -> Answer | None:
        return self.query.answer

    async def answered(self, timeout: float = 20) -> Answer:  # noqa: ASYNC109
        """Return the answer when the bot has given it.

        Raises:
            TimeoutError: it has not, for `timeout` seconds.
        """
        await self.world.until(lambda: self.query.answer is not None, timeout)
        return self.query.answer or Answer()

    def redeliver(self) -> None:
        """Send the same query again, as Telegram does when it is not sure."""
        self.world.announce(self.query)


@dataclass(frozen=True)
class InlineSearch:
    """A search in the input field, and what the bot has found."""

    world: World
    search: Search

    async def results(self, timeout: float = 20) -> Sequence[InlineQueryResultUnion]:  # noqa: ASYNC109
        """Return the results when the bot has given them.

        Raises:
            TimeoutError: it has not, for `timeout` seconds.
        """
        await self.world.until(lambda: self.search.results is not None, timeout)
        return self.search.results or []
