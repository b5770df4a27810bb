"""Which admin reviews which booking."""

from datetime import timedelta

from db.connection import Connection
from db.models.audit import Actor


class ClaimRepository:
    """The table `booking_desk.claims`: at most one booking an admin, for a while."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock(self) -> None:
        """Let nobody else claim until this transaction ends: two who swap would deadlock."""
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('claims', 0))"
        )

    async def hold(self, booking_id: int, *, by: Actor, length: timedelta) -> bool:
        """Claim the booking instead of another; False if somebody else has claimed it.

        A claim of their own is extended.
        """
        held: bool | None = await self._connection.fetchval(
            """
            WITH former AS (
                DELETE FROM booking_desk.claims WHERE admin_id = $2 AND booking_id <> $1
            )
            INSERT INTO booking_desk.claims AS claim (booking_id, admin_id, until)
            VALUES ($1, $2, clock_timestamp() + $3::interval)
            ON CONFLICT (booking_id) DO UPDATE
               SET admin_id = excluded.admin_id, until = excluded.until
             WHERE claim.admin_id = excluded.admin_id OR claim.until < clock_timestamp()
            RETURNING true
            """,
            booking_id,
            by.id,
            length,
        )
        return held is True

    async def release(self, *, by: Actor) -> None:
        """Give up what the admin has claimed."""
        await self._connection.execute(
            "DELETE FROM booking_desk.claims WHERE admin_id = $1", by.id
        )
