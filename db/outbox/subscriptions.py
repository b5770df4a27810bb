"""What the chats of the staff have chosen to be told."""

from collections.abc import Collection, Mapping

from db.connection import Connection


class SubscriptionRepository:
    """The table `booking_desk.subscriptions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def arrivals(self, chat_ids: Collection[int]) -> Mapping[int, bool]:
        """Return whether these chats want to be told of new bookings, as far as they chose."""
        rows = await self._connection.fetch(
            """
            SELECT chat_id, arrivals FROM booking_desk.subscriptions
             WHERE chat_id = ANY ($1::bigint[])
            """,
            list(chat_ids),
        )
        return {row["chat_id"]: row["arrivals"] for row in rows}

    async def choose(self, chat_id: int, *, arrivals: bool) -> None:
        await self._connection.execute(
            """
            INSERT INTO booking_desk.subscriptions VALUES ($1, $2)
            ON CONFLICT (chat_id) DO UPDATE SET arrivals = excluded.arrivals
            """,
            chat_id,
            arrivals,
        )
