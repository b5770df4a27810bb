"""The desk's screens and statements for each work, which the other programs repeat."""

import pickle
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

import asyncpg

#: The triggers record changes by programs with other names.
_AS_THE_DESK: Final = {"application_name": "booking-desk"}
Screen: TypeAlias = Mapping[str, Any]
"""The text and the keyboard of a message, and the toast with it, if there is one."""
Statement: TypeAlias = tuple[str, Sequence[object]]
_Prepare: TypeAlias = Callable[[asyncpg.Connection], Awaitable[None]]


class Work(StrEnum):
    """A request of an admin."""

    LIST = "list"
    CARD = "card"
    CONFIRM = "confirm"


class Step(StrEnum):
    """A step before or after the handling of a webhook's update."""

    CLAIM = "claim"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class Script:
    """The screen and the statements of each work, and the statements of each step."""

    screens: Mapping[Work, Screen]
    sql: Mapping[Work | Step, Sequence[Statement]]
    booking: int
    """The booking for which the statements were made."""
    student: int
    update: int

    def statements(self, work: Work, booking: int, student: int) -> Iterator[Statement]:
        """Yield the statements of a work for another booking."""
        return self._for(work, {self.booking: booking, self.student: student})

    def around(self, step: Step, update: int) -> Iterator[Statement]:
        """Yield the statements of a step for another update."""
        return self._for(step, {self.update: update})

    def _for(self, key: Work | Step, ids: Mapping[object, object]) -> Iterator[Statement]:
        for statement, values in self.sql[key]:
            yield statement, [_replaced(value, ids) for value in values]

    def write(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self))

    @classmethod
    def read(cls, path: str) -> Self:
        script: Self = pickle.loads(Path(path).read_bytes())  # noqa: S301 (a file of our own)
        return script


def _replaced(value: object, ids: Mapping[object, object]) -> object:
    """Return the value with other ids; a list of ids has its items replaced."""
    if isinstance(value, list):
        return [ids.get(item, item) for item in value]
    return ids.get(value, value)


def pooled(dsn: str, *, max_size: int = 10, init: _Prepare | None = None) -> asyncpg.Pool:
    """Return a pool that makes no statements of its own, like the desk's."""

    async def as_it_is(_: asyncpg.Connection) -> None:
        pass

    return asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=max_size,
        init=init,
        reset=as_it_is,
        server_settings=_AS_THE_DESK,
    )


async def play(pool: asyncpg.Pool, statements: Iterable[Statement]) -> None:
    """Run the statements on one connection."""
    async with pool.acquire() as connection:
        for statement, values in statements:
            if statement.startswith(("BEGIN", "COMMIT")):
                await connection.execute(statement)
            else:
                await connection.fetch(statement, *values)
