"""What the desk owes the staff when it is in trouble."""

from collections.abc import Iterable

from bot.views.alerts import Alert
from db.database import UnitOfWork


async def owe_alert(uow: UnitOfWork, alert: Alert, chats: Iterable[int]) -> None:
    """Owe it to each of the chats, once."""
    for chat_id in chats:
        await uow.outbox.owe(alert.to(chat_id))
