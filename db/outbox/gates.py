"""When a bot may send its next message, for all replicas together."""

from datetime import timedelta
from typing import Final

from db.connection import Connection
from db.models.outbox import Claim

_PER_PERSON: Final = timedelta(seconds=1)
_PER_GROUP: Final = timedelta(seconds=3)
ON_HOLD: Final = timedelta(seconds=3)
"""How long a chat is kept for a message that is claimed, and has to wait for its slot."""
_LATENESS: Final = timedelta(milliseconds=5)
"""A slot taken so late still counts from when it began, or waking up would cost the rate."""


class GateRepository:
    """The table `booking_desk.gates`: one row a bot. Only PostgreSQL's clock is read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def build(self, bot_id: int) -> None:
        """Make sure the bot has a gate."""
        await self._connection.execute(
            "INSERT INTO booking_desk.gates (bot_id) VALUES ($1) ON CONFLICT DO NOTHING", bot_id
        )

    async def pass_through(
        self, bot_id: int, claim: Claim, interval: timedelta, *, repeatable: bool = False
    ) -> float:
        """Take the next slot if it has come, and note that the claim's request is leaving.

        Slots are `interval` apart. Nothing is reserved ahead, so a pause holds from the moment
        it is written. The claim's lease begins anew: it has to outlast the request. A chat that
        was kept for the claim too long may be another one's by now, which then goes first. What is
        `repeatable` does no harm the second time, and leaves no note.

        Returns:
            0 when the slot is taken and the message is to be sent now; else the seconds after
            which it is worth asking again. Below 0: the claim is not held any more.
        """
        seconds: float = await self._connection.fetchval(
            """
            WITH taken AS (
                SELECT gate.free_at
                  FROM booking_desk.outbox AS message
                  JOIN booking_desk.chat_gates AS gate USING (chat_id)
                 WHERE message.id = $2 AND gate.bot_id = $1 AND gate.free_at > $9
            ), slot AS (
                UPDATE booking_desk.gates
                   SET free_at = greatest(free_at, clock_timestamp() - $4::interval) + $5::interval
                 WHERE bot_id = $1
                   AND greatest(free_at, paused_until, (SELECT free_at FROM taken))
                       <= clock_timestamp()
                   AND EXISTS (SELECT FROM booking_desk.outbox
                                WHERE id = $2 AND state = 'sending' AND attempts = $3)
                RETURNING bot_id
            ), departed AS (
                UPDATE booking_desk.outbox
                   SET departed_at = CASE WHEN $10::boolean THEN NULL ELSE clock_timestamp() END,
                       due_at = clock_timestamp() + $8::interval
                  FROM slot
                 WHERE id = $2 AND state = 'sending' AND attempts = $3
                RETURNING id, chat_id
            ), paced AS (
                UPDATE booking_desk.chat_gates AS gate
                   SET free_at = clock_timestamp()
                               + CASE WHEN gate.chat_id < 0 THEN $7::interval ELSE $6::interval END
                  FROM departed
                 WHERE gate.bot_id = $1 AND gate.chat_id = departed.chat_id
            )
            SELECT CASE
                   WHEN EXISTS (SELECT FROM departed) THEN 0
                   WHEN NOT EXISTS (SELECT FROM booking_desk.outbox
                                     WHERE id = $2 AND state = 'sending' AND attempts = $3)
                   THEN -1
                   ELSE greatest(0.001, extract(epoch FROM
                        greatest(free_at, paused_until, (SELECT free_at FROM taken))
                        - clock_timestamp()))
                   END::float
              FROM booking_desk.gates
             WHERE bot_id = $1
            """,
            bot_id,
            claim.id,
            claim.message.attempts,
            _LATENESS,
            interval,
            _PER_PERSON,
            _PER_GROUP,
            claim.lease,
            claim.claimed_at + ON_HOLD,
            repeatable,
        )
        return seconds

    async def forget_chats(self) -> None:
        """Drop the gates of chats that anybody may write to again, but for those in use."""
        await self._connection.execute(
            """
            DELETE FROM booking_desk.chat_gates
             WHERE (bot_id, chat_id) IN (SELECT bot_id, chat_id
                                           FROM booking_desk.chat_gates
                                          WHERE free_at < now() - interval '1 minute'
                                            FOR UPDATE SKIP LOCKED)
            """
        )

    async def hold(self, bot_id: int, chat_id: int, duration: timedelta) -> None:
        """Let nobody through to this chat for so long; what is held longer already stays so."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.chat_gates AS gate (bot_id, chat_id, free_at)
            VALUES ($1, $2, clock_timestamp() + $3::interval)
            ON CONFLICT (bot_id, chat_id) DO UPDATE
               SET free_at = greatest(gate.free_at, excluded.free_at)
            """,
            bot_id,
            chat_id,
            duration,
        )

    async def pause(self, bot_id: int, duration: timedelta) -> None:
        """Let nobody through for so long; a longer pause that is on already stays."""
        await self._connection.execute(
            """
            UPDATE booking_desk.gates
               SET paused_until = greatest(paused_until, clock_timestamp() + $2::interval)
             WHERE bot_id = $1
            """,
            bot_id,
            duration,
        )
