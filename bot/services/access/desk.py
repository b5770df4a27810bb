"""The door to the database for the requests of admins."""

from contextlib import AbstractAsyncContextManager
from typing import Final

from bot.services.access.permissions import Access, Permission
from bot.services.access.staff import Staff
from db.database import Database, UnitOfWork
from db.models.audit import Actor


class Desk:
    """Opens the database only for an actor with the permission.

    `allow(course_id)` of the unit of work refuses an actor who may not see the bookings of the
    course; every service that reads or locks a booking calls it.

    Raises:
        NotAllowed: from every method, before it opens the database.
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
