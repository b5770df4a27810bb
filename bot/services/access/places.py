"""Where students' data may be shown."""

from typing import Final

from db.database import Database


class Places:
    """The chats that nobody but admins reads: theirs with the bot, and the staff's."""

    def __init__(self, db: Database, staff_chat_id: int | None) -> None:
        self._db = db
        self._staff_chat_id: Final = staff_chat_id

    def is_known(self, chat_id: int, admin_id: int) -> bool:
        """Whether the chat is the admin's own or the staff's; a private chat has its person's id.

        The staff's has another id once it is a supergroup; see `is_staff`.
        """
        return chat_id in {admin_id, self._staff_chat_id}

    async def is_staff(self, chat_id: int) -> bool:
        """Whether the chat is what the staff's has become.

        Raises:
            DatabaseUnavailable: nobody can tell.
        """
        if self._staff_chat_id is None:
            return False
        async with self._db.statement() as uow:
            return chat_id in await uow.groups.moved_to(self._staff_chat_id)
