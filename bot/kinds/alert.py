"""The alert to the staff that the desk itself is in trouble, and that the trouble is over."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from bot.i18n import Translator
from bot.kinds.about import READDRESSED, SETTLED
from bot.kinds.acts import Act, Part, Send
from bot.screens.notices import alert
from bot.services.access.receivers import Receivers
from bot.services.alerts import owe_alert
from bot.services.outbox.outcomes import Ended
from bot.views.alerts import Alert, Phase
from db.database import UnitOfWork
from db.models.outbox import Message, MessageState

_NOT_HEARD: Final[Set[MessageState]] = {MessageState.WAITING, MessageState.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The contents of the alert."""

    alert: Alert
    waiting: int
    """The number of messages that wait to leave."""


class AlertKind:
    """The alert; a group that it does not reach is replaced by the admins' own chats."""

    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers

    async def prepare(self, uow: UnitOfWork, message: Message) -> Brief | Ended:
        told = Alert.of(message)
        if not await self._receivers.include(uow, message.chat_id):
            await owe_alert(uow, told, self._receivers.group or self._receivers.admins)
            return READDRESSED
        if told.phase is Phase.BEGUN and not await self._lasts(uow, told):
            return SETTLED
        return Brief(alert=told, waiting=(await uow.messages.queue()).size)

    async def _lasts(self, uow: UnitOfWork, told: Alert) -> bool:
        return any(
            (sign.name, sign.alarmed_at) == (told.sign, told.since)
            for sign in await uow.signs.alarmed()
        )

    def acts(self, t: Translator, brief: Brief) -> Sequence[Act]:
        return [Send(Part.of(alert(t, brief.alert, waiting=brief.waiting)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Tell the admins themselves when their group cannot be told."""
        if state in _NOT_HEARD and message.chat_id not in self._receivers.admins:
            await owe_alert(uow, Alert.of(message), self._receivers.admins)
