"""The news that a bulk waits for a second admin, or that one has refused it."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.kinds.about import SETTLED
from bot.kinds.acts import Act, Part, Send
from bot.screens.backlog.bulks import bulk as screen
from bot.services.access.receivers import Receivers
from bot.services.backlog.bulks import read_bulk
from bot.services.outbox.outcomes import Ended
from bot.views.bulks import BulkView
from db.database import UnitOfWork
from db.models.outbox import Message, MessageState


class Approval:
    """The bulk as it is; none of it leaves once the bulk is in another state."""

    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers

    async def prepare(self, uow: UnitOfWork, message: Message) -> BulkView | Ended:
        bulk = await uow.bulks.get(message.payload["bulk"])
        if bulk is None or bulk.state != message.payload["state"]:
            return SETTLED
        if not await self._receivers.include(uow, message.chat_id):
            return SETTLED
        return await read_bulk(uow, bulk)

    def acts(self, t: Translator, brief: BulkView) -> Sequence[Act]:
        return [Send(Part.of(screen(t, brief)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Nothing follows: the bulk waits for any other admin."""
