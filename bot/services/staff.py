"""Who may run the desk."""

from collections.abc import Set

from bot.errors import NotAllowed
from db.models import Actor


class Staff:
    """The admins, by Telegram user id."""

    def __init__(self, admin_ids: Set[int]) -> None:
        self._admin_ids = admin_ids

    @property
    def ids(self) -> Set[int]:
        return self._admin_ids

    def includes(self, user_id: int) -> bool:
        return user_id in self._admin_ids

    def check(self, by: Actor) -> None:
        """Let an admin pass.

        Raises:
            NotAllowed: `by` is not one.
        """
        if not self.includes(by.id):
            raise NotAllowed
