"""The door to the database for whatever admins ask."""

from contextlib import AbstractAsyncContextManager
from typing import Final

from bot.services.access.permissions import Access, Permission
from bot.services.access.staff import Staff
from db.database import Database, UnitOfWork
from db.models.audit import Actor


class Desk:
    """Opens the database to who has a permission, and to nobody else.

    A unit of work's `allow(course_id)` refuses who may not see the bookings of the course; whoever
    reads or locks a booking asks it.

    Raises:
        NotAllowed: from every method, before the database is asked anything.
    """

    def __init__(self, db: Database, staff: Staff) -> None:
        self._db = db
        self.staff: Final = staff

    def transaction(
        self, by: Actor, permission: Permission
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._db.transaction(allow=self._access(by, permission).allow)

    def snapshot(
        self, by: Actor, permission: Permission = Permission.READ
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._db.snapshot(allow=self._access(by, permission).allow)

    def statement(
        self, by: Actor, permission: Permission = Permission.READ
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._db.statement(allow=self._access(by, permission).allow)

    def _access(self, by: Actor, permission: Permission) -> Access:
        access = self.staff.access(by)
        access.check(permission)
        return access
