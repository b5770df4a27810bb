"""Which updates Telegram has brought to a webhook."""

from datetime import timedelta
from enum import StrEnum

from db.connection import Connection


class Arrival(StrEnum):
    """What is known of an update when it comes."""

    NEW = "new"
    """It belongs to who has just claimed it."""
    NOT_NOW = "not now"
    """Somebody is at it, or died over it a moment ago."""
    HANDLED = "handled"


class UpdateRepository:
    """The table `booking_desk.updates`. Ids are a bot's own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def claim(self, bot_id: int, update_id: int, *, lease: timedelta) -> Arrival:
        """Take the update for as long as `lease`, unless somebody has or had it."""
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
        """Note that the update needs nobody any more."""
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

        Then it needs nobody any more.
        """
        over: bool | None = await self._connection.fetchval(
            """
            UPDATE booking_desk.updates
               SET held_until = CASE WHEN seen_at < now() - $3::interval
                                     THEN 'infinity' ELSE now() END
             WHERE bot_id = $1 AND update_id = $2
            RETURNING held_until = 'infinity'
            """,
            bot_id,
            update_id,
            time,
        )
        return bool(over)

    async def forget(self) -> None:
        """Drop what Telegram, which keeps an update for a day, brings no more."""
        await self._connection.execute(
            "DELETE FROM booking_desk.updates WHERE seen_at < now() - interval '25 hours'"
        )
