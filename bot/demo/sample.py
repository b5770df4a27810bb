"""The sample school: its courses, its streams, and three hundred bookings."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.demo.cast import CAST, Student
from db.school import NewBooking, SoldStream

STREAMS: Final[Sequence[SoldStream]] = [
    SoldStream(course_id=course_id, course_name=course, code=code, name=name)
    for course_id, course, code, name in (
        (1, "Vibe coding", "7th_stream", "North, autumn"),
        (1, "Vibe coding", "8th_stream", "South, winter"),
        (1, "Vibe coding", "9th_stream", "Weekends"),
        (2, "Product design", "d3", "Evenings"),
        (2, "Product design", "d4", "Mornings"),
        (3, "Английский для разработчиков", "en_a", "Поток А, вторник"),
        (3, "Английский для разработчиков", "en_b", "Поток Б, четверг"),
    )
]
_PAST: Final = 286
_MONTHS: Final = timedelta(days=150)
_FIRST_ID: Final = 5000
_STATUSES: Final = {2: 62, -1: 22, 0: 16}
"""The share of each status in percent: confirmed, cancelled, new."""
_NAMES: Final = (
    "Alice", "Bruno", "Chiara", "Дмитрий", "Elif", "Фёдор", "Grace", "Hanna", "Ирина", "João",
    "Kateřina", "Liam", "Марина", "Noa", "Олег", "Paula", "Quentin", "Roman", "Светлана", "Tom",
    "Ursula", "Виктор", "Wanda", "Xavier", "Юлия", "Zahra", "小明", "Łukasz", "Ñusta", "Þór",
)  # fmt: skip


def bookings(now: datetime) -> Iterator[NewBooking]:
    """Yield the bookings of the months up to `now`; they are the same each time."""
    yield from (booking_of(student, now) for student in CAST)
    yield from _earlier(now)
    yield from _past(now, random.Random(7))  # noqa: S311


def booking_of(student: Student, now: datetime) -> NewBooking:
    """Return the booking for which a student waits."""
    return NewBooking(
        user_id=student.id,
        username=student.username,
        first_name=student.name,
        course_id=student.course,
        course_stream=student.stream,
        confirmed=1,
        created_at=now - student.waits,
        referral_code=student.referral,
        discount_percent=student.discount,
    )


def _earlier(now: datetime) -> Iterator[NewBooking]:
    """Yield what two of the cast have booked before, under the names they had then."""
    yield NewBooking(
        user_id=111, username="timur_dev", first_name="Тимур (2 смена)", course_id=3,
        course_stream="en_a", confirmed=2, created_at=now - timedelta(days=140),
    )  # fmt: skip
    yield NewBooking(
        user_id=108, username="zoe_winter", first_name="Zoë Winter", course_id=2,
        course_stream="d3", confirmed=2, created_at=now - timedelta(days=95),
    )  # fmt: skip


def _past(now: datetime, chance: random.Random) -> Iterator[NewBooking]:
    for number in range(_PAST):
        stream = chance.choice(STREAMS)
        [status] = chance.choices(list(_STATUSES), list(_STATUSES.values()))
        # The exponent makes recent bookings more frequent, as in a growing school.
        ago = _MONTHS * (1 - chance.random() ** 0.6) + timedelta(minutes=20)
        referred = chance.random() < 0.2
        yield NewBooking(
            user_id=_FIRST_ID + number,
            username=f"student{number}" if chance.random() < 0.7 else None,
            first_name=chance.choice(_NAMES),
            course_id=stream.course_id,
            course_stream=stream.code,
            confirmed=status,
            created_at=now - ago,
            referral_code=f"FRIEND{chance.randint(10, 99)}" if referred else None,
            discount_percent=10 if referred else 0,
        )
