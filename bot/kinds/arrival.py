"""The notice to the staff that a booking has come."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.i18n import Translator
from bot.kinds.about import GONE, MERGED, READDRESSED, keep_true
from bot.kinds.acts import Act, Part, Send
from bot.screens.backlog.arrivals import arrivals as screen
from bot.services.access.receivers import Receivers
from bot.services.backlog.arrivals import read_arrivals
from bot.services.outbox.outcomes import Ended
from bot.views.outbox import Arrivals
from db.database import UnitOfWork
from db.models.outbox import Message, MessageState

BURST: Final = timedelta(minutes=1)
"""A chat rings once in so much time: the message grows by what comes meanwhile."""


class Arrival:
    """The booking's card with its buttons, or a list of those that came at once."""

    def __init__(self, receivers: Receivers, *, grace: timedelta) -> None:
        self._receivers = receivers
        self._grace = grace

    async def prepare(self, uow: UnitOfWork, message: Message) -> Arrivals | Ended:
        """Return the notice with all that it has taken over, unless another takes it over."""
        if not await self._receivers.include(uow, message.chat_id):
            return READDRESSED
        if not await read_arrivals(uow, message, grace=self._grace):
            return GONE
        lead = await uow.notices.lead(message, young=BURST)
        if lead is not None:
            await uow.notices.join(lead, message)
            return MERGED
        await uow.notices.begin(message)
        return await read_arrivals(uow, message, grace=self._grace) or GONE

    def acts(self, t: Translator, brief: Arrivals) -> Sequence[Act]:
        return [Send(Part.of(screen(t, brief)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        if state is MessageState.SENT:
            await keep_true(uow, message)
