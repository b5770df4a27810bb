"""Students who book while one watches."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

from bot.demo import cast, sample
from bot.demo.cast import Student
from db.school import School
from simulator import Telegram

WAIT: Final = timedelta(minutes=1)
"""After this time somebody books unasked."""
_FIRST_ID: Final = 201
_NAMES: Final = ("Amélie", "Иван", "Lucía", "Kwame", "Дарья", "Sofie")
_HINT: Final = (
    "{name} has just booked. Press Refresh under Anna’s list, or write /review to her bot."
)


class Newcomers:
    """One more student at a time; there is no last one."""

    def __init__(self, telegram: Telegram, dsn: str) -> None:
        self._telegram = telegram
        self._dsn = dsn
        self._numbers = count()

    async def come(self) -> None:
        """Let the next student book, and say so on the page."""
        student = _student(next(self._numbers))
        cast.arrive(self._telegram, student)
        async with School.connect(self._dsn) as school:
            await school.book(sample.booking_of(student, datetime.now(UTC)))
        self._telegram.advise(_HINT.format(name=student.name))

    async def come_unasked(self) -> None:
        """Let a student book after a while on Telegram's clock."""
        clock = self._telegram.clock
        due = clock.now() + WAIT
        with suppress(TimeoutError):
            await self._telegram.until(lambda: clock.now() >= due, timeout=WAIT.total_seconds())
        await self.come()


def _student(number: int) -> Student:
    stream = sample.STREAMS[number % len(sample.STREAMS)]
    name = _NAMES[number % len(_NAMES)]
    return Student(
        id=_FIRST_ID + number,
        name=name,
        language=cast.language_of(name),
        story="Has booked while you were watching",
        course=stream.course_id,
        stream=stream.code,
        waits=timedelta(0),
    )
