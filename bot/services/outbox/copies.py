"""Keeping true what is on the screens: cards and notices that the bot has shown before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from bot.running.allowance import Allowance
from bot.services.access.receivers import Receivers
from bot.services.backlog.arrivals import read_arrivals
from bot.services.backlog.review import read_review
from bot.services.bookings.cards import read_card
from bot.services.outbox.notices import read_notice
from bot.views.bookings import Card, Gone
from bot.views.outbox import Arrivals, Notice
from bot.views.review import Review, Round
from db.database import Database, UnitOfWork
from db.models.audit import Actor
from db.models.copies import Copy, Shown
from db.models.outbox import ARRIVAL

LEASE: Final = timedelta(seconds=20)
"""Longer than a request to Telegram may take."""
_TAKEN_WITHIN: Final = 2.0
"""Seconds for which a press waits for a worker that draws on its message."""
_LOOK_SECONDS: Final = 0.03

View: TypeAlias = Card | Review | Notice | Arrivals | Gone
"""What a copy has to show."""


@dataclass(frozen=True, slots=True)
class Redrawing:
    """A copy that is to be drawn again."""

    copy: Copy
    view: View
    language: str | None
    again: datetime | None
    """When what is drawn now stops being true by itself."""


class CopyService:
    """The messages that show a booking, for the presses on them and for who draws them again."""

    def __init__(
        self, db: Database, receivers: Receivers, *, grace: timedelta, student_bot: str
    ) -> None:
        """Draw only for the receivers, who are the admins of now and their group."""
        self._db = db
        self.student_bot: Final = student_bot
        """The username of the bot to which notices lead students."""
        self._receivers = receivers
        self._grace = grace
        self._drawn: dict[tuple[int, int], Shown] = {}
        self.allowance: Final = Allowance()
        self.woken: Final = asyncio.Event()
        """Set when there may be something to do."""

    def note(self, chat_id: int, message_id: int, shown: Shown) -> None:
        """Note that a message shows a booking; it is written at the next `write`."""
        self._drawn[chat_id, message_id] = shown
        self.woken.set()

    async def take(self, chat_id: int, message_id: int) -> None:
        """Take the message for another screen; whoever draws the old one again has ended then."""
        self._drawn.pop((chat_id, message_id), None)
        self.allowance.spend(chat_id)
        deadline = asyncio.get_running_loop().time() + _TAKEN_WITHIN
        while asyncio.get_running_loop().time() < deadline:
            async with self._db.statement() as uow:
                if await uow.copies.take(chat_id, message_id):
                    return
            await asyncio.sleep(_LOOK_SECONDS)

    async def write(self) -> None:
        """Write what has been noted.

        What the database does not take is forgotten: an old note could draw over a newer screen.
        """
        while self._drawn:
            place = next(iter(self._drawn))
            shown = self._drawn.pop(place)
            async with self._db.statement() as uow:
                await uow.copies.drawn(*place, shown)

    async def claim(self, *, limit: int) -> Sequence[Redrawing]:
        """Claim due copies, at most one of each chat, and read what they have to show.

        A chat that has heard much lately rests.

        Those that nobody may be shown any more are forgotten.
        """
        async with self._db.transaction() as uow:
            copies = await uow.copies.claim(
                resting=self.allowance.resting(), limit=limit, lease=LEASE
            )
            return [drawing for copy in copies if (drawing := await self._read(uow, copy))]

    async def reviewed(
        self, drawing: Redrawing, round_: Round, booking_id: int | None
    ) -> Redrawing:
        """Return the drawing of a review that has this booking on the screen, or is at its end.

        Raises:
            SearchForgotten: the list's saved query is deleted.
        """
        # In a group nobody knows whose decisions these are, so none can be undone there.
        by, now = Actor(id=drawing.copy.chat_id, name=""), datetime.now(UTC)
        async with self._db.snapshot() as uow:
            review = await read_review(uow, round_, booking_id, by=by, grace=self._grace, now=now)
        if review is None:
            return replace(drawing, view=Gone(drawing.copy.booking_id), again=None)
        return replace(drawing, view=review, again=review.true_until)

    async def settle(self, drawing: Redrawing, *, again: datetime | None) -> None:
        async with self._db.transaction() as uow:
            await uow.copies.settle(drawing.copy, again=again)

    async def forget(self, drawing: Redrawing) -> None:
        async with self._db.transaction() as uow:
            await _forget(uow, drawing.copy)

    async def seconds_to_next(self) -> float | None:
        """Return the seconds until a copy is due in a chat that does not rest; None: unknown."""
        async with self._db.statement() as uow:
            return await uow.copies.seconds_to_next(resting=self.allowance.resting())

    async def _read(self, uow: UnitOfWork, copy: Copy) -> Redrawing | None:
        if not await self._receivers.include(uow, copy.chat_id):
            await _forget(uow, copy)
            return None
        language = copy.language or await uow.people.language(copy.chat_id)
        if copy.notice_id is not None:
            return await self._notice(uow, copy, copy.notice_id, language)
        booking = await uow.bookings.get(copy.booking_id)
        if booking is None:
            return Redrawing(copy, Gone(copy.booking_id), language, None)
        card = await read_card(uow, booking, await uow.audit.latest(booking), grace=self._grace)
        return Redrawing(copy, card, language, card.undo_until)

    async def _notice(
        self, uow: UnitOfWork, copy: Copy, notice_id: int, language: str | None
    ) -> Redrawing | None:
        message = await uow.messages.get(notice_id)
        if message is not None and message.kind == ARRIVAL:
            new = await read_arrivals(uow, message, grace=self._grace)
            if new is None:
                return Redrawing(copy, Gone(copy.booking_id), language, None)
            again = new.card.undo_until if new.card else None
            return Redrawing(copy, new, language, again)
        notice = message and await read_notice(uow, message)
        if not notice or not notice.students:
            await _forget(uow, copy)
            return None
        return Redrawing(copy, notice, language, None)


async def _forget(uow: UnitOfWork, copy: Copy) -> None:
    """Forget a copy; others tell what a notice has taken over and may not have shown."""
    await uow.copies.forget(copy)
    if copy.notice_id is not None:
        await uow.notices.part(copy.notice_id)
