"""Who reads what the desk tells the staff."""

from collections.abc import Set
from typing import Final

from db.database import UnitOfWork


class Receivers:
    """The admins of now, and their group, if there is one."""

    def __init__(self, admins: Set[int], staff_chat_id: int | None) -> None:
        self.admins: Final = admins
        self.group: Final = set[int]() if staff_chat_id is None else {staff_chat_id}

    async def of_arrivals(self, uow: UnitOfWork) -> Set[int]:
        """Return who is told of new bookings: the group, or without one all; and who wants to."""
        everybody, default = self.admins | self.group, self.group or self.admins
        chosen = await uow.subscriptions.arrivals(everybody)
        return {chat_id for chat_id in everybody if chosen.get(chat_id, chat_id in default)}

    async def include(self, uow: UnitOfWork, chat_id: int) -> bool:
        """Whether the chat is an admin's of now, or the admins' group, whatever its id is now."""
        if chat_id in self.admins | self.group:
            return True
        for group in self.group:
            if chat_id in await uow.groups.moved_to(group):
                return True
        return False
