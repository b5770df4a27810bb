"""The use cases of students: to start the bot, and see their own bookings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.running.together import Together
from bot.services.bookings import transitions
from bot.services.outbox.delivery import interval_of
from db.database import Database
from db.models.bookings import Booking, Reachability
from db.models.people import Start

SHOWN: Final = 10
_TELEGRAMS_PRECISION: Final = timedelta(seconds=1)


class StudentService:
    """Students by Telegram user id; each sees only their own bookings."""

    def __init__(self, db: Database, *, bot_id: int, grace: timedelta, rate: float) -> None:
        """Serve students.

        Args:
            db: The database.
            bot_id: The id of the students' bot.
            grace: The time after which they hear of a decision.
            rate: The most that all replicas together send with one bot in a second.
        """
        self._db = db
        self._bot_id = bot_id
        self._grace = grace
        self._interval = interval_of(rate)
        self._starts = Together(self._note)

    async def start(
        self,
        user_id: int,
        *,
        first_name: str,
        username: str | None,
        language: str | None,
        at: datetime,
        bot_id: int,
    ) -> None:
        """Record that this bot may write to the person, and queue the messages that wait for this.

        A block that came later and is known already stays. `at` is the moment by Telegram.
        A person who starts only the admins' bot may still be out of reach for the students' bot.
        """
        await self._starts.do(
            Start(
                user_id=user_id,
                first_name=first_name,
                username=username,
                language=language,
                at=at,
                reaches=bot_id == self._bot_id,
            )
        )

    async def _note(self, starts: Sequence[Start]) -> None:
        newest = {start.user_id: start for start in starts}
        reached = {start.user_id for start in starts if start.reaches}
        async with self._db.transaction() as uow:
            await uow.people.note_starts(
                [replace(start, reaches=start.user_id in reached) for start in newest.values()]
            )
            await uow.outbox.wake(*newest)

    async def bookings(self, user_id: int) -> Sequence[Booking]:
        """Return the person's newest bookings, at most 10, newest first, as they know them."""
        async with self._db.snapshot() as uow:
            bookings = await uow.bookings.of_person(user_id, limit=SHOWN)
            changes = await uow.audit.recent(bookings, within=self._grace)
        return [
            transitions.as_known(
                booking,
                [change for change in changes if change.booking_id == booking.id],
                self._grace,
            )
            for booking in bookings
        ]

    async def slot(self, bot_id: int) -> float:
        """Take the bot's next slot for an answer; see `GateRepository.take_slot`."""
        async with self._db.statement() as uow:
            return await uow.gates.take_slot(bot_id, self._interval)

    async def may_be_written_to(
        self, user_id: int, *, may: bool, since: datetime, bot_id: int
    ) -> None:
        """Record that the person has blocked this bot, or lets it write again.

        A block is only recorded if the person was not seen after `since`, because its update may
        come late. An unblock is always recorded: the next message shows whether it is out of date.
        """
        async with self._db.transaction() as uow:
            if may:
                await uow.outbox.wake(user_id)
            if bot_id != self._bot_id:
                return
            if may:
                await uow.people.set_reachability(user_id, Reachability.REACHABLE)
            else:
                await uow.people.blocked(user_id, at=since + _TELEGRAMS_PRECISION)
