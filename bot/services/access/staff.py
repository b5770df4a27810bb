"""The people who run the desk."""

from collections.abc import Set
from typing import Final

from bot.errors import NotAllowed
from bot.services.access.permissions import Access, Permission
from db.models.audit import Actor

_EVERYTHING: Final = Access(frozenset(Permission))


class Staff:
    """The admins, by Telegram user id; each may do everything."""

    def __init__(self, admin_ids: Set[int]) -> None:
        self.ids: Final = admin_ids

    def includes(self, user_id: int) -> bool:
        return user_id in self.ids

    def access(self, by: Actor) -> Access:
        """Return the access of the admin.

        Raises:
            NotAllowed: `by` is not an admin.
        """
        if not self.includes(by.id):
            raise NotAllowed
        return _EVERYTHING
