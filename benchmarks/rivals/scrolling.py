"""aiogram-dialog's scrolling lists, compared to the desk's."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Final

from benchmarks.rivals.comparing import WARM_UP, Answers, section
from benchmarks.schools.list_bot import ListBot
from benchmarks.schools.school import School
from benchmarks.support.reports import Section

_DIALOG: Final = "benchmarks.rivals.dialog_bot"
_MOST: Final = 100_000
_NOTE: Final = f"""\
All are bots at the same Bot API, by long polling: from the press of a button to its page and the
end of its spinner. The CPU is the bot's, without PostgreSQL's. aiogram-dialog {{}} has an index
for its order. Its scrolling group makes a button of every booking before it shows a page of them,
which would take many seconds for a million: it is given the newest {_MOST:,} at most. By page, it
is given what is on the page, found by its number, and all bookings are counted."""
_PAGES: Final[Mapping[str, Callable[[ListBot], str]]] = {
    "the first page": lambda bot: bot.first_page,
    "the last page": lambda bot: bot.last_page,
}


async def measure(school: School, desk: ListBot, rounds: int) -> Section:
    """Press the same buttons under the desk's list and under aiogram-dialog's."""
    title = f"aiogram-dialog, with {school.bookings:,} bookings"
    most = min(school.bookings, _MOST)
    programs: Mapping[str, Sequence[str]] = {
        "by page": (_DIALOG, "page"),
        f"a scrolling group of {most:,}": (_DIALOG, "group", f"{most}"),
    }
    async with AsyncExitStack() as stack:
        others = await asyncio.gather(
            *(stack.enter_async_context(school.bot(*program)) for program in programs.values())
        )
        bots = {"the desk": desk, **dict(zip(programs, others, strict=True))}
        answers = [await _answers(page, bots, rounds) for page in _PAGES]
    return section(title, answers, _NOTE.format(version("aiogram-dialog")))


async def _answers(page: str, bots: Mapping[str, ListBot], rounds: int) -> Answers:
    used = {name: bot.cpu for name, bot in bots.items()}
    presses = {name: partial(bot.press, _PAGES[page](bot)) for name, bot in bots.items()}
    answers = await Answers.to(page, presses, rounds)
    spent = {
        name: (bot.cpu - used[name]) / (rounds + WARM_UP) * 1000 for name, bot in bots.items()
    }
    return replace(answers, cpu=spent)
