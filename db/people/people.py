"""The bot's own data about a person."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from db.connection import Connection
from db.models.bookings import Reachability
from db.models.people import Start

_IS_NEWER: Final = "(excluded.told_at >= coalesce(person.told_at, excluded.told_at)) IS true"


class PersonRepository:
    """The table `booking_desk.people`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def note_starts(self, starts: Sequence[Start]) -> None:
        """Note that people have started a bot, each at most once among these.

        Who is known to have blocked the bot after that stays out of reach.
        """
        await self._connection.execute(
            f"""
            INSERT INTO booking_desk.people AS person
                   (user_id, first_name, username, language,
                    reachability, reachability_at, told_at)
            SELECT user_id, first_name, username, language,
                   CASE WHEN reaches THEN 'reachable' ELSE 'unknown' END, now(),
                   CASE WHEN reaches THEN at END
              FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::boolean[],
                          $6::timestamptz[])
                   AS start (user_id, first_name, username, language, reaches, at)
             ORDER BY user_id
            ON CONFLICT (user_id) DO UPDATE
               SET first_name = excluded.first_name,
                   username = excluded.username,
                   language = excluded.language,
                   reachability = CASE WHEN {_IS_NEWER}
                                       THEN 'reachable' ELSE person.reachability END,
                   reachability_at = CASE WHEN {_IS_NEWER}
                                          THEN now() ELSE person.reachability_at END,
                   told_at = CASE WHEN {_IS_NEWER} THEN excluded.told_at ELSE person.told_at END
            """,
            [start.user_id for start in starts],
            [start.first_name for start in starts],
            [start.username for start in starts],
            [start.language for start in starts],
            [start.reaches for start in starts],
            [start.at for start in starts],
        )

    async def out_of_reach(
        self, user_id: int, reachability: Reachability, *, since: datetime
    ) -> bool:
        """Note why the bot cannot reach the person; return False if they came after `since`."""
        noted: bool | None = await self._connection.fetchval(
            """
            INSERT INTO booking_desk.people AS person (user_id, reachability, reachability_at)
            VALUES ($1, $2, now())
            ON CONFLICT (user_id) DO UPDATE
               SET reachability = excluded.reachability, reachability_at = now(),
                   told_at = NULL
             WHERE person.reachability <> 'reachable' OR person.reachability_at <= $3
            RETURNING true
            """,
            user_id,
            reachability,
            since,
        )
        return noted is not None

    async def blocked(self, user_id: int, *, at: datetime) -> None:
        """Note that the person has blocked the bot, unless they were seen after that.

        Args:
            user_id: Who has blocked it.
            at: When, by Telegram, at the latest.
        """
        await self._connection.execute(
            """
            INSERT INTO booking_desk.people AS person
                   (user_id, reachability, reachability_at, told_at)
            VALUES ($1, 'blocked', now(), $2)
            ON CONFLICT (user_id) DO UPDATE
               SET reachability = excluded.reachability, reachability_at = now(),
                   told_at = excluded.told_at
             WHERE person.reachability <> 'reachable'
                OR least(person.reachability_at, person.told_at) <= $2
            """,
            user_id,
            at,
        )

    async def reached(self, user_id: int, *, since: datetime) -> None:
        """Note that a message claimed at `since` has arrived, unless something newer is known."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.people AS person (user_id, reachability, reachability_at)
            VALUES ($1, 'reachable', now())
            ON CONFLICT (user_id) DO UPDATE
               SET reachability = excluded.reachability, reachability_at = now(),
                   told_at = NULL
             WHERE person.reachability <> 'reachable' AND person.reachability_at <= $2
            """,
            user_id,
            since,
        )

    async def languages(self, user_ids: Collection[int]) -> Mapping[int, str | None]:
        """Return the language code of each person, None where the bot does not know it."""
        rows = await self._connection.fetch(
            "SELECT user_id, language FROM booking_desk.people WHERE user_id = ANY($1)",
            list(user_ids),
        )
        known = {row["user_id"]: row["language"] for row in rows}
        return {user_id: known.get(user_id) for user_id in user_ids}

    async def language(self, user_id: int | None) -> str | None:
        """Return the language code of the person's client, if the bot knows it."""
        language: str | None = await self._connection.fetchval(
            "SELECT language FROM booking_desk.people WHERE user_id = $1", user_id
        )
        return language

    async def set_reachability(self, user_id: int, reachability: Reachability) -> None:
        """Note what Telegram has reported about the person."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.people (user_id, reachability, reachability_at)
            VALUES ($1, $2, now())
            ON CONFLICT (user_id) DO UPDATE
               SET reachability = excluded.reachability, reachability_at = now(),
                   told_at = NULL
            """,
            user_id,
            reachability,
        )
