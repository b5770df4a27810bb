"""The change list of Django's admin, compared to the desk's list and search."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from typing import Final

from benchmarks.rivals.comparing import Answers, section
from benchmarks.rivals.django_admin import ChangeList
from benchmarks.schools.list_bot import ListBot
from benchmarks.schools.school import School
from benchmarks.support.reports import Section
from benchmarks.support.timing import Operation
from bot.services.lists.paging import PAGE_SIZE

_SEARCHES: Final = {"a rare name": "Quirin Zywietz", "a common name": "Мария"}
_NOTE: Final = f"""\
Django {{}} answers its own test client, without HTTP; the desk answers a Bot API, all calls of an
update by long polling included. Django has an index for its order, and is told to show as many
bookings a page as the desk, {PAGE_SIZE}; as it comes it shows a hundred.
All is on one core: on two, PostgreSQL reads a whole table in parallel, in about half the time."""


async def measure(school: School, desk: ListBot, rounds: int) -> Section:
    """Ask the desk and Django for the same pages and names."""
    title = f"Django's admin, with {school.bookings:,} bookings"
    loop = asyncio.get_running_loop()
    answers: list[Answers] = []
    # Django refuses to run in an event loop, so it has a thread.
    with ThreadPoolExecutor(max_workers=1) as thread:
        django = await loop.run_in_executor(thread, ChangeList, school.dsn)
        last = -(-school.bookings // PAGE_SIZE)
        questions: dict[str, tuple[Operation, Mapping[str, str]]] = {
            "the first page": (partial(desk.press, desk.first_page), {"p": "1"}),
            "the last page": (partial(desk.press, desk.last_page), {"p": f"{last}"}),
            **{
                name: (partial(desk.write, f"/find {text}"), {"q": text})
                for name, text in _SEARCHES.items()
            },
        }
        for question, (ours, query) in questions.items():
            theirs = partial(loop.run_in_executor, thread, django.ask, query)
            operations: dict[str, Operation] = {"the desk": ours, "Django": theirs}
            answers.append(await Answers.to(question, operations, rounds))
    return section(title, answers, _NOTE.format(version("django")))
