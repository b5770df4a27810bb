"""The people of the demo: a dozen students with a story, two admins, and their group."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from typing import Final

from db.school import NewBooking
from simulator import BotAccount, Person, Telegram

TOKEN: Final = "1001:demo-desk"  # noqa: S105
BOT: Final = "school_desk_bot"
ANNA, BORIS = 11, 12
_PATIENCE: Final = 3600
STAFF: Final = -1_000_000_000_500
_CYRILLIC: Final = re.compile("[А-яЁё]")


class Attitude(Enum):
    """Whether the bot can write to a student."""

    STARTED = auto()
    NEVER_STARTED = auto()
    BLOCKED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """A student whose booking waits for a decision."""

    id: int
    name: str
    username: str | None = None
    language: str = "en"
    story: str
    course: int = 1
    stream: str = "7th_stream"
    waits: timedelta
    referral: str | None = None
    discount: int = 0
    attitude: Attitude = Attitude.STARTED


CAST: Final[Sequence[Student]] = (
    Student(
        id=101, name="María", username="maria_codes",
        story="Teaches maths in Sevilla, wants to build quizzes for her class",
        waits=timedelta(days=3, hours=2), referral="FRIEND10", discount=10,
    ),
    Student(
        id=102, name="Глеб", username="gleb_k", language="ru",
        story="Бариста, пишет бота для очереди в кофейне",
        stream="8th_stream", waits=timedelta(days=2, hours=7),
    ),
    Student(
        id=103, name="李雷", username="leilei",
        story="Blocked the bot last night, by accident",
        waits=timedelta(days=1, hours=20), attitude=Attitude.BLOCKED,
    ),
    Student(
        id=104, name="Nils", story="Booked on the website; has never started the bot",
        course=2, stream="d3", waits=timedelta(days=1, hours=3), attitude=Attitude.NEVER_STARTED,
    ),
    Student(
        id=105, name="عائشة", username="aisha_draws",
        story="Illustrator from Amman; her name is written from right to left",
        course=2, stream="d4", waits=timedelta(hours=22),
    ),
    Student(
        id=106, name="<b>Max</b> & Söhne", username="max_html",
        story="Has put HTML into his name, to see what happens",
        waits=timedelta(hours=15),
    ),
    Student(
        id=107, name="Оксана", username="oksana_en", language="ru",
        story="Тестировщица, идёт на английский ради собеседования",
        course=3, stream="en_a", waits=timedelta(hours=9), referral="TEAM5", discount=5,
    ),
    Student(
        id=108, name="🌸 Zoë 🌸", username="zoe_blooms",
        story="Florist; wants a shop of her own by spring",
        stream="9th_stream", waits=timedelta(hours=6),
    ),
    Student(
        id=109, name="Jean-Baptiste-Emmanuel de la Tour d'Auvergne-Lauraguais",
        username="jb", story="Nobody has ever fitted his name on a card",
        stream="8th_stream", waits=timedelta(hours=4),
    ),
    Student(
        id=110, name="\u3164", story="Goes by an invisible character",
        course=2, stream="d3", waits=timedelta(hours=2),
    ),
    Student(
        id=111, name="Тимур", username="timur_dev", language="ru",
        story="Учится второй раз: первый поток бросил из-за сессии",
        course=3, stream="en_b", waits=timedelta(minutes=48), discount=50,
    ),
    Student(
        id=112, name="Priya", username="priya_r",
        story="Works nights at a hospital, hopes for the weekend stream",
        stream="9th_stream", waits=timedelta(minutes=6),
    ),
)  # fmt: skip


def enter(telegram: Telegram, bookings: Iterable[NewBooking]) -> None:
    """Add the cast and whoever else has booked, with what they have done before today."""
    desk = telegram.add_bot(TOKEN, username=BOT, name="School desk", inline=True)
    anna = telegram.add_person(
        ANNA, "Anna", username="anna_desk", language_code="en", bio="Admin, reads English"
    )
    arrive(telegram, CAST[0])
    boris = telegram.add_person(
        BORIS, "Борис", username="boris_desk", language_code="ru", bio="Админ, читает по-русски"
    )
    for student in CAST[1:]:
        arrive(telegram, student)
    for booking in bookings:
        if booking.user_id not in telegram.people:
            _remember(telegram, desk, booking)
    telegram.add_group(STAFF, "Staff", [anna, boris]).add(desk)
    for admin in (anna, boris):
        admin.start(desk)


async def look(telegram: Telegram) -> None:
    """Let each admin ask for the pending list once, after the bot has greeted everybody."""
    [desk] = telegram.bots.values()
    waiting = [person for person in telegram.people.values() if person.chat(desk)]
    for person in waiting:
        await telegram.until(partial(_greeted, person, desk), timeout=_PATIENCE)
    for admin in (telegram.people[ANNA], telegram.people[BORIS]):
        if len(admin.chat(desk)) == len(["/start", "the greeting"]):
            admin.send(desk, "/pending")


def _greeted(person: Person, bot: BotAccount) -> bool:
    return any(message.from_bot for message in person.chat(bot))


def arrive(telegram: Telegram, student: Student) -> None:
    """Add a student, who has perhaps begun a chat with the bot."""
    [desk] = telegram.bots.values()
    person = telegram.add_person(
        student.id,
        student.name,
        username=student.username,
        language_code=student.language,
        bio=student.story,
    )
    match student.attitude:
        case Attitude.STARTED:
            person.start(desk)
        case Attitude.BLOCKED:
            telegram.open(desk, person.account)
            person.block(desk)
        case Attitude.NEVER_STARTED:
            pass


def language_of(name: str) -> str:
    """Return the language of somebody of whom nothing but a name is known."""
    return "ru" if _CYRILLIC.search(name) else "en"


def _remember(telegram: Telegram, desk: BotAccount, booking: NewBooking) -> None:
    """Add somebody who has booked long ago; nothing is left in their chat."""
    name = booking.first_name or ""
    person = telegram.add_person(
        booking.user_id,
        name,
        username=booking.username,
        language_code=language_of(name),
    )
    telegram.open(desk, person.account)
