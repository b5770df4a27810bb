"""Groups that became supergroups, which gives them new ids."""

from collections.abc import Set

from db.connection import Connection


class GroupRepository:
    """The table `booking_desk.chat_moves`, and the messages for the groups in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def moved_to(self, group: int) -> Set[int]:
        """Return the ids that the group has been given since it had this one."""
        rows = await self._connection.fetch(
            """
            WITH RECURSIVE moved AS (
                SELECT new_id FROM booking_desk.chat_moves WHERE old_id = $1
                UNION
                SELECT move.new_id
                  FROM booking_desk.chat_moves AS move JOIN moved ON move.old_id = moved.new_id
            )
            SELECT new_id FROM moved
            """,
            group,
        )
        return {row["new_id"] for row in rows}

    async def redirect(self, old_id: int, new_id: int) -> None:
        """Send the messages for a group to its new id, because it became a supergroup.

        A message that the new id is already owed is settled.
        """
        await self._connection.execute(
            """
            WITH moved AS (
                INSERT INTO booking_desk.chat_moves (old_id, new_id) VALUES ($1, $2)
                ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id
            ), owed AS (
                -- A key ends with the chat.
                SELECT old.id, rekeyed.key, new.id IS NOT NULL AS twice
                  FROM booking_desk.outbox AS old
                 CROSS JOIN LATERAL (SELECT left(old.key, -length($1::bigint::text))
                                            || $2::bigint::text AS key) AS rekeyed
                  LEFT JOIN booking_desk.outbox AS new ON new.key = rekeyed.key
                 WHERE old.chat_id = $1 AND old.state IN ('queued', 'sending', 'waiting')
            ), settled AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'withdrawn', reason = 'settled', ended_at = now()
                  FROM owed
                 WHERE message.id = owed.id AND twice
            )
            UPDATE booking_desk.outbox AS message SET chat_id = $2, key = owed.key
              FROM owed
             WHERE message.id = owed.id AND NOT twice
            """,
            old_id,
            new_id,
        )
