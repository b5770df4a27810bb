"""What the bot itself knows about a person."""

from datetime import datetime

from db.connection import Connection
from db.models import Reachability


class PersonRepository:
    """The table `booking_desk.people`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def met(
        self, user_id: int, *, first_name: str, username: str | None, language: str | None
    ) -> None:
        """Note that the person has started the bot, and how they like to be written to."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.people
                   (user_id, first_name, username, language, reachability, reachability_at)
            VALUES ($1, $2, $3, $4, 'reachable', now())
            ON CONFLICT (user_id) DO UPDATE
               SET first_name = excluded.first_name,
                   username = excluded.username,
                   language = excluded.language,
                   reachability = 'reachable',
                   reachability_at = now()
            """,
            user_id,
            first_name,
            username,
            language,
        )

    async def out_of_reach(
        self, user_id: int, reachability: Reachability, *, since: datetime
    ) -> bool:
        """Note why nobody can write to the person; False if they started the bot after `since`."""
        noted: bool | None = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.people AS person (user_id, reachability, reachability_at)
            VALUES ($1, $2, now())
            ON CONFLICT (user_id) DO UPDATE
               SET reachability = excluded.reachability, reachability_at = now()
             WHERE person.reachability <> 'reachable' OR person.reachability_at <= $3
            RETURNING true
            """,
            user_id,
            reachability,
            since,
        )
        return noted is not None

    async def reachability(self, user_id: int) -> Reachability:
        known = await self._connection.fetchval(
            "SELECT reachability FROM booking_desk.people WHERE user_id = $1", user_id
        )
        return Reachability(known or Reachability.UNKNOWN)
