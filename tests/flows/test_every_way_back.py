"""Whatever leads deeper leads back: a walk presses the buttons of every screen, and then Back."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import asyncpg
import pytest

from keyboards.payloads.adding.by_hand import DraftButton
from keyboards.payloads.adding.imports import ImportColumnsButton, ImportTroublesButton
from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import AskCancelButton, AskMoveButton, CardButton, LostButton
from keyboards.payloads.bulks import BulkChoiceButton, BulkPageButton
from keyboards.payloads.history import HistoryButton, PersonLogButton, WhyButton
from keyboards.payloads.outbox import MessageButton, MessagesButton, OneMessageButton
from keyboards.payloads.people import PersonButton
from simulator import ChatMessage, Telegram
from tests.support.outbox import put
from tests.support.person import Person
from tests.support.school import MakeBooking

DEEPER: Final[frozenset[type[Payload]]] = frozenset(
    (
        *(CardButton, LostButton, AskCancelButton, AskMoveButton, PersonButton, WhyButton),
        *(HistoryButton, PersonLogButton, MessagesButton, MessageButton, OneMessageButton),
        *(
            BulkChoiceButton,
            BulkPageButton,
            ImportColumnsButton,
            ImportTroublesButton,
            DraftButton,
        ),
    )
)
"""The buttons that open another screen and change no booking."""
_PREFIXES: Final = frozenset(each.__prefix__ for each in DEEPER)
_DEPTH: Final = 6
_AGE: Final = re.compile(r"[0-9]+ (?:sec|min)")
_TURN: Final = re.compile("‹ Prev|Next ›|[«»0-9/ ]+")
"""What turns pages instead of leading deeper."""

Seen = tuple[str, Sequence[str]]


def seen(message: ChatMessage) -> Seen:
    """Return what a person sees, without the ages, which grow."""
    labels = [button.text for row in message.buttons for button in row]
    return _AGE.sub("", message.text), [_AGE.sub("", label) for label in labels]


def ways(message: ChatMessage) -> Iterator[tuple[str, str, str]]:
    """Return the buttons that lead deeper: their kinds, labels and payloads."""
    for row in message.buttons:
        for button in row:
            data = button.callback_data or ""
            kind = data.partition(":")[0]
            away = button.text.startswith(("‹", "🔄")) or _TURN.fullmatch(button.text)
            if kind in _PREFIXES and not away:
                yield kind, button.text, data


def back_of(message: ChatMessage) -> str:
    """Return the payload of the way back."""
    [*_, back] = (
        button.callback_data or ""
        for row in message.buttons
        for button in row
        if button.text.startswith("‹ ") and not _TURN.fullmatch(button.text)
    )
    return back


class Walk:
    """A walk over the screens of one message; each kind of step is taken once."""

    def __init__(self, telegram: Telegram, person: Person) -> None:
        self._telegram = telegram
        self._person = person
        self.steps: set[tuple[str, ...]] = set()

    async def go(self, path: tuple[str, ...] = ()) -> None:
        here = self._person.screen
        for kind, label, data in list(ways(here)):
            step = (*path[-2:], kind)
            if step not in self.steps and len(path) < _DEPTH:
                self.steps.add(step)
                await self._there_and_back(here, (*path, kind), label, data)

    async def _there_and_back(
        self, here: ChatMessage, path: tuple[str, ...], label: str, data: str
    ) -> None:
        before = seen(here)
        await self._press(data)
        await self._until(lambda: seen(self._person.screen) != before, path, label)
        await self.go(path)
        back = back_of(self._person.screen)
        await self._press(back)
        await self._until(lambda: seen(self._person.screen) == before, path, f"{label} {back}")

    async def _press(self, data: str) -> None:
        await self._person.forge(data).answered()

    async def _until(self, holds: Callable[[], bool], path: tuple[str, ...], what: str) -> None:
        try:
            await self._telegram.until(holds)
        except TimeoutError:
            shown = seen(self._person.screen)
            raise AssertionError(f"{' > '.join(path)}: {what}\n{shown}") from None


@pytest.mark.parametrize("root", ["/pending", "/bookings", "/log", "/log 1", "/outbox", "Vera"])
async def test_every_way_back_leads_to_where_one_came_from(
    desk: None,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    root: str,
) -> None:
    vera.start()
    for n in range(20):
        await make_booking(course_id=n, confirmed=2 if n == 1 else 1)
    await put(sql, 2, "failed", "refused", count=11)
    await anna.opens("/booking 1", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Welcome delivered")
    await anna.opens(root, shows="")
    if "Next ›" in anna.buttons:
        await anna.press("Next ›")
        await anna.sees("page 2")
    walk = Walk(telegram, anna)

    await walk.go()

    assert len(walk.steps) >= 2


async def test_a_bulk_leads_back_to_the_page_of_its_list(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    bookings = [await make_booking(course_id=n) for n in range(20)]
    await anna.opens("/pending", shows="page 1 of 3")
    await anna.press("Next ›")
    await anna.sees("page 2 of 3")
    await anna.press("All…")
    await anna.press("Confirm all")
    await anna.press("20 affected")
    await anna.press("Next ›")
    await anna.press_row(bookings[8])
    await anna.sees(f"Booking #{bookings[8]}")
    await anna.press("‹ Back to the list")
    await anna.press_row(bookings[8])
    await anna.sees(f"Booking #{bookings[8]}")
    await anna.press("‹ Back to the list")
    await anna.sees("This affects 20 bookings:")
    await anna.press("‹ Back")
    await anna.sees("Nothing has changed yet")

    await anna.press("‹ Back to the list")

    await anna.sees("⏳ Pending · 20 bookings · page 2 of 3")
