"""The pace of sending, for all replicas together."""

from datetime import timedelta
from typing import Final

from db.connection import Connection
from db.models.outbox import Claim

_PER_PERSON: Final = timedelta(seconds=1)
_PER_GROUP: Final = timedelta(seconds=3)
ON_HOLD: Final = timedelta(seconds=3)
"""How long a chat is kept for a claimed message that waits for its slot."""
_LATENESS: Final = timedelta(milliseconds=5)
"""A slot taken this late counts from its beginning, so that waking up does not lower the rate."""
_TAKE_SLOT: Final = """
    -- The chat's gate, if another claim has closed it since this one.
    WITH taken AS (
        SELECT gate.free_at
          FROM booking_desk.outbox AS message
          JOIN booking_desk.chat_gates AS gate USING (chat_id)
         WHERE message.id = $1 AND gate.bot_id = $2 AND gate.free_at > $3
    ),
    -- The bot's slot, taken if it has begun, the claim is still held, and the booking unchanged.
    slot AS (
        UPDATE booking_desk.gates
           SET free_at = greatest(free_at, clock_timestamp() - $4::interval) + $5::interval
         WHERE bot_id = $2
           AND greatest(free_at, paused_until, (SELECT free_at FROM taken)) <= clock_timestamp()
           AND EXISTS (SELECT FROM booking_desk.outbox
                        WHERE id = $1 AND state = 'sending' AND attempts = $6)
           AND NOT EXISTS (SELECT FROM bookings
                            WHERE id = $7::bigint AND revision <> $8::integer)
        RETURNING booking_desk.is_unchanged($7, $8)
    ),
    -- The message, with the note that its request leaves, and a new lease. Another program may
    -- have changed the booking while this waited for the gate.
    departed AS (
        UPDATE booking_desk.outbox
           SET departed_at = CASE WHEN $9::boolean THEN NULL ELSE clock_timestamp() END,
               due_at = clock_timestamp() + $10::interval
          FROM slot
         WHERE id = $1 AND state = 'sending' AND attempts = $6 AND is_unchanged
        RETURNING id, chat_id
    ),
    -- The chat's gate, closed for the pace of a group or of a person.
    paced AS (
        UPDATE booking_desk.chat_gates AS gate
           SET free_at = clock_timestamp()
                       + CASE WHEN gate.chat_id < 0 THEN $11::interval ELSE $12::interval END
          FROM departed
         WHERE gate.bot_id = $2 AND gate.chat_id = departed.chat_id
    )
    SELECT CASE
           WHEN EXISTS (SELECT FROM departed) THEN 0
           WHEN NOT EXISTS (SELECT FROM booking_desk.outbox
                             WHERE id = $1 AND state = 'sending' AND attempts = $6)
             OR EXISTS (SELECT FROM bookings WHERE id = $7::bigint AND revision <> $8::integer)
           THEN -1
           ELSE greatest(0.001, extract(epoch FROM
                greatest(free_at, paused_until, (SELECT free_at FROM taken))
                - clock_timestamp()))
           END::float
      FROM booking_desk.gates
     WHERE bot_id = $2
"""


class GateRepository:
    """The table `booking_desk.gates`, one row a bot; only PostgreSQL's clock is read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def build(self, bot_id: int) -> None:
        """Create the bot's gate if there is none."""
        await self._connection.execute(
            "INSERT INTO booking_desk.gates (bot_id) VALUES ($1) ON CONFLICT DO NOTHING", bot_id
        )

    async def pass_through(
        self, bot_id: int, claim: Claim, interval: timedelta, *, repeatable: bool = False
    ) -> float:
        """Take the next slot if it has begun, and note that the claim's request leaves.

        Slots are `interval` apart. No slot is reserved, so a pause holds from the moment it is
        written. The claim's lease begins anew, because it has to outlast the request. If another
        claim has taken the chat since it was kept for this one, that claim goes first. A
        `repeatable` request does no harm when it is sent twice, so it leaves no note.

        Returns:
            0 if the slot is taken and the message must be sent now; else the seconds until it is
            worth asking again. Below 0: the claim is not held any more, or the booking that the
            message is about has changed since, maybe into another person's.
        """
        seconds: float = await self._connection.fetchval(
            _TAKE_SLOT,
            claim.id,
            bot_id,
            claim.claimed_at + ON_HOLD,
            _LATENESS,
            interval,
            claim.message.attempts,
            claim.message.booking_id,
            claim.booking_revision,
            repeatable,
            claim.lease,
            _PER_GROUP,
            _PER_PERSON,
        )
        return seconds

    async def take_slot(self, bot_id: int, interval: timedelta) -> float:
        """Take the next slot for an answer that no message of the outbox is.

        Returns:
            0 if it has begun and is taken; else the seconds until it is worth asking again.
        """
        seconds: float | None = await self._connection.fetchval(
            """
            WITH slot AS (
                UPDATE booking_desk.gates
                   SET free_at = greatest(free_at, clock_timestamp() - $2::interval) + $3::interval
                 WHERE bot_id = $1 AND greatest(free_at, paused_until) <= clock_timestamp()
                RETURNING bot_id
            )
            SELECT CASE WHEN EXISTS (SELECT FROM slot) THEN 0
                   ELSE greatest(0.001, extract(epoch FROM
                        greatest(free_at, paused_until) - clock_timestamp()))
                   END::float
              FROM booking_desk.gates
             WHERE bot_id = $1
            """,
            bot_id,
            _LATENESS,
            interval,
        )
        return seconds or 0

    async def forget_chats(self) -> None:
        """Delete the gates of chats that are open again, except those that are locked."""
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
        """Close the gate for this time; a longer pause stays."""
        await self._connection.execute(
            """
            UPDATE booking_desk.gates
               SET paused_until = greatest(paused_until, clock_timestamp() + $2::interval)
             WHERE bot_id = $1
            """,
            bot_id,
            duration,
        )
