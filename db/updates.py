"""The updates that Telegram has sent to a webhook."""

from datetime import timedelta
from enum import StrEnum

from db.connection import Connection


class Arrival(StrEnum):
    """The state of an update when it arrives."""

    NEW = "new"
    """It is claimed now."""
    NOT_NOW = "not now"
    """Another replica handles it, or died while it did; the lease has not ended."""
    HANDLED = "handled"


class UpdateRepository:
    """The table `booking_desk.updates`; an id is unique for one bot only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def claim(self, bot_id: int, update_id: int, *, lease: timedelta) -> Arrival:
        """Claim the update for `lease`, unless it is held or handled."""
        arrival: str = await self._connection.fetchval(
            """
            WITH claimed AS (
                INSERT INTO booking_desk.updates AS known (bot_id, update_id, held_until)
                VALUES ($1, $2, now() + $3::interval)
                ON CONFLICT (bot_id, update_id) DO UPDATE
                   SET held_until = excluded.held_until
                 WHERE known.held_until <= now()
                RETURNING bot_id
            )
            SELECT CASE
                   WHEN EXISTS (SELECT FROM claimed) THEN 'new'
                   WHEN EXISTS (SELECT FROM booking_desk.updates
                                 WHERE bot_id = $1 AND update_id = $2 AND held_until = 'infinity')
                   THEN 'handled'
                   ELSE 'not now'
                   END
            """,
            bot_id,
            update_id,
            lease,
        )
        return Arrival(arrival)

    async def handled(self, bot_id: int, update_id: int) -> None:
        """Note that the update was handled."""
        await self._connection.execute(
            """
            UPDATE booking_desk.updates SET held_until = 'infinity'
             WHERE bot_id = $1 AND update_id = $2
            """,
            bot_id,
            update_id,
        )

    async def give_back(self, bot_id: int, update_id: int, time: timedelta) -> bool:
        """Let the next one claim the update; True when it first came longer ago than `time`.

        Then it needs nobody any more. One that was not claimed comes now for the first time.
        """
        over: bool = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.updates AS known (bot_id, update_id, held_until)
            VALUES ($1, $2, now())
            ON CONFLICT (bot_id, update_id) DO UPDATE
               SET held_until = CASE WHEN known.seen_at < now() - $3::interval
                                     THEN 'infinity' ELSE now() END
            RETURNING held_until = 'infinity'
            """,
            bot_id,
            update_id,
            time,
        )
        return over

    async def forget(self) -> None:
        """Delete old updates; Telegram keeps an update for a day and does not send it later."""
        await self._connection.execute(
            "DELETE FROM booking_desk.updates WHERE seen_at < now() - interval '25 hours'"
        )
