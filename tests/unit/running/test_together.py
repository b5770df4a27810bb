"""Work that is done for many at once."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.running.together import Together
from db.errors import DatabaseUnavailable


class Work:
    """Notes what it is asked for; `ends` lets so many goes end."""

    def __init__(self) -> None:
        self.goes: list[Sequence[str]] = []
        self.ends = asyncio.Semaphore(0)
        self._together = Together(self._do)

    async def _do(self, items: Sequence[str]) -> None:
        self.goes.append(items)
        await self.ends.acquire()
        if "bad" in items:
            raise ValueError(items)
        if "down" in items:
            raise DatabaseUnavailable("down")

    async def asked(self, *items: str) -> Sequence[asyncio.Future[None]]:
        tasks = [asyncio.ensure_future(self._together.do(item)) for item in items]
        await self.moment()
        return tasks

    async def end(self, goes: int = 1) -> None:
        for _ in range(goes):
            self.ends.release()
        await self.moment()

    async def moment(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


async def test_what_comes_while_work_is_under_way_is_done_in_one_go() -> None:
    work = Work()
    first = await work.asked("a")
    others = await work.asked("b", "c", "d")
    assert work.goes == [["a"]]

    await work.end(goes=2)
    await asyncio.gather(*first, *others)

    assert work.goes == [["a"], ["b", "c", "d"]]


async def test_an_error_about_one_is_raised_to_that_one_alone() -> None:
    work = Work()
    first = await work.asked("a")
    good, bad, fine = await work.asked("b", "bad", "c")

    await work.end(goes=5)
    await asyncio.gather(*first, good, fine)

    with pytest.raises(ValueError, match="bad"):
        await bad
    assert work.goes[1:] == [["b", "bad", "c"], ["b"], ["bad"], ["c"]]


async def test_without_a_database_nobody_waits_for_others_to_try() -> None:
    work = Work()
    first = await work.asked("a")
    others = await work.asked("b", "down", "c")

    await work.end(goes=2)
    errors = await asyncio.gather(*first, *others, return_exceptions=True)

    assert [type(error) for error in errors] == [type(None), *[DatabaseUnavailable] * 3]
    assert len(work.goes) == 2


async def test_who_gives_up_while_doing_it_for_all_leaves_it_to_the_next() -> None:
    work = Work()
    [first] = await work.asked("a")
    leader, follower = await work.asked("b", "c")
    await work.end()
    await first

    leader.cancel()
    await work.end()
    await follower

    assert leader.cancelled()
    assert work.goes == [["a"], ["b", "c"], ["c"]]
