"""The outbox as workers use it: claims, attempts and their ends."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from db.connection import Connection, affected
from db.models.outbox import Claim, Message, MessageState, Reason, Sender
from db.outbox.gates import ON_HOLD
from db.outbox.messages import COLUMNS, message_of

_CLAIM: Final = f"""
    -- Due messages whose chats' gates are open.
    WITH due AS (
        SELECT id, chat_id, priority, due_at
          FROM booking_desk.outbox AS message
         WHERE state = 'queued' AND sender = ANY($1) AND kind = ANY($2)
           AND due_at <= now()
           AND now() >= (SELECT paused_until FROM booking_desk.gates WHERE bot_id = $3)
           AND NOT EXISTS (SELECT FROM booking_desk.chat_gates AS gate
                            WHERE gate.bot_id = $3 AND gate.chat_id = message.chat_id
                              AND gate.free_at > now())
         ORDER BY priority, due_at, id
         LIMIT $4 FOR UPDATE SKIP LOCKED
    ),
    -- Their chats, whose gates are closed now; another worker may have been quicker.
    passed AS (
        INSERT INTO booking_desk.chat_gates AS gate (bot_id, chat_id, free_at)
        SELECT DISTINCT $3, chat_id, now() + $5::interval
          FROM due
         ORDER BY chat_id
        ON CONFLICT (bot_id, chat_id) DO UPDATE
           SET free_at = excluded.free_at
         WHERE gate.free_at <= now()
        RETURNING chat_id
    ),
    -- The first message of each of these chats.
    chosen AS (
        SELECT DISTINCT ON (chat_id) id
          FROM due JOIN passed USING (chat_id)
         ORDER BY chat_id, priority, due_at, id
    ),
    -- The same messages, held until the lease ends.
    claimed AS (
        UPDATE booking_desk.outbox AS message
           SET state = 'sending', due_at = now() + $6::interval, attempts = attempts + 1,
               departed_at = NULL, ended_at = NULL
          FROM chosen
         WHERE message.id = chosen.id
        RETURNING message.*
    )
    SELECT {COLUMNS}, language, priority, now() AS claimed_at,
           (SELECT bookings.revision FROM bookings
             WHERE bookings.id = claimed.booking_id) AS booking_revision
      FROM claimed
      LEFT JOIN (SELECT user_id, language FROM booking_desk.people) AS person
             ON person.user_id = claimed.chat_id
     ORDER BY priority, id
"""


class QueueRepository:
    """Claims on rows of `booking_desk.outbox`, and `booking_desk.attempts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def claim(
        self,
        bot_id: int,
        senders: Sequence[Sender],
        kinds: Sequence[str],
        limit: int,
        *,
        lease: timedelta,
    ) -> Sequence[Claim]:
        """Claim up to `limit` due messages for `lease`, by priority, then the oldest first.

        Messages of other kinds are left to a program that knows them. Two workers never hold the
        same message (SKIP LOCKED) or two messages to one chat, because the claim closes the
        chat's gate. A worker that dies loses its messages when the lease ends; see `reclaim`.
        """
        rows = await self._connection.fetch(
            _CLAIM, list(senders), list(kinds), bot_id, limit, ON_HOLD, lease
        )
        return [
            Claim(
                message=message_of(row),
                claimed_at=row["claimed_at"],
                language=row["language"],
                booking_revision=row["booking_revision"],
            )
            for row in rows
        ]

    async def seconds_to_next(
        self, bot_id: int, senders: Sequence[Sender], kinds: Sequence[str]
    ) -> float | None:
        """Return the seconds until the bot may send a queued message; None if none is queued."""
        seconds: float | None = await self._connection.fetchval(
            """
            SELECT extract(epoch FROM
                       greatest(min(greatest(due_at, held.free_at)), min(gate.paused_until))
                       - clock_timestamp())::float
              FROM booking_desk.gates AS gate, booking_desk.outbox
              -- A shorter one may open sooner than it says.
              LEFT JOIN (SELECT chat_id, free_at
                           FROM booking_desk.chat_gates
                          WHERE bot_id = $1 AND free_at > now() + $4::interval) AS held
                     USING (chat_id)
             WHERE state = 'queued' AND sender = ANY($2) AND kind = ANY($3) AND gate.bot_id = $1
            """,
            bot_id,
            list(senders),
            list(kinds),
            ON_HOLD,
        )
        return seconds

    async def end(
        self,
        claim: Claim,
        state: MessageState,
        *,
        reason: Reason | None = None,
        text: str | None = None,
        detail: str | None = None,
        telegram_message_id: int | None = None,
    ) -> bool:
        """Write the end of the attempt; return False if the claim is not held any more."""
        status = await self._connection.execute(
            """
            WITH ended AS (
                UPDATE booking_desk.outbox
                   SET state = $3, reason = $4, text = coalesce($5, text), ended_at = now(),
                       done = done + CASE WHEN $3::text = 'sent' THEN 1 ELSE 0 END,
                       telegram_message_ids = CASE WHEN $7::bigint IS NULL
                                                   THEN telegram_message_ids
                                                   ELSE telegram_message_ids || $7 END
                 WHERE id = $1 AND state = 'sending' AND attempts = $2
                RETURNING id
            )
            INSERT INTO booking_desk.attempts (message_id, attempt, state, reason, detail)
            SELECT id, $2, $3, $4, $6 FROM ended
            """,
            claim.id,
            claim.message.attempts,
            state,
            reason,
            text,
            detail,
            telegram_message_id,
        )
        return affected(status) == 1

    async def proceed(
        self, bot_id: int, claim: Claim, *, text: str | None, telegram_message_id: int | None
    ) -> None:
        """Note that one act is done; the next is due when the chat's gate opens.

        A message that has begun goes before others. Each act has as many tries as a message.
        """
        await self._connection.execute(
            """
            WITH proceeded AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'queued', reason = NULL, text = coalesce($4, text),
                       due_at = coalesce((SELECT gate.free_at FROM booking_desk.chat_gates AS gate
                                           WHERE gate.bot_id = $1
                                             AND gate.chat_id = message.chat_id), now()),
                       priority = priority - CASE WHEN done = 0 THEN 1 ELSE 0 END,
                       spent = attempts, done = done + 1,
                       telegram_message_ids = CASE WHEN $5::bigint IS NULL
                                                   THEN telegram_message_ids
                                                   ELSE telegram_message_ids || $5 END
                 WHERE id = $2 AND state = 'sending' AND attempts = $3
                RETURNING id
            ), noted AS (
                INSERT INTO booking_desk.attempts (message_id, attempt, state)
                SELECT id, $3, 'queued' FROM proceeded
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM proceeded
            """,
            bot_id,
            claim.id,
            claim.message.attempts,
            text,
            telegram_message_id,
        )

    async def postpone(
        self,
        claim: Claim,
        delay: timedelta,
        *,
        reason: Reason | None,
        text: str | None = None,
        detail: str | None = None,
        counts: bool = True,
    ) -> None:
        """Give the claim back, due after `delay`; if `counts` is false, it was no attempt."""
        await self._connection.execute(
            """
            WITH postponed AS (
                UPDATE booking_desk.outbox
                   SET state = 'queued', due_at = now() + $3::interval, reason = $4,
                       text = coalesce($7, text),
                       attempts = attempts - CASE WHEN $6::boolean THEN 0 ELSE 1 END
                 WHERE id = $1 AND state = 'sending' AND attempts = $2
                RETURNING id
            ), noted AS (
                INSERT INTO booking_desk.attempts (message_id, attempt, state, reason, detail)
                SELECT id, $2, 'queued', $4, $5 FROM postponed
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM postponed
            """,
            claim.id,
            claim.message.attempts,
            delay,
            reason,
            detail,
            counts,
            text,
        )

    async def release(self, claim: Claim) -> None:
        """Give back a claim whose request has not left; it was no attempt."""
        await self._connection.execute(
            """
            WITH released AS (
                UPDATE booking_desk.outbox
                   SET state = 'queued', due_at = now(), attempts = attempts - 1
                 WHERE id = $1 AND state = 'sending' AND attempts = $2 AND departed_at IS NULL
                RETURNING id
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM released
            """,
            claim.id,
            claim.message.attempts,
        )

    async def keep(self, claim: Claim, lease: timedelta) -> None:
        """Hold a claim for as long as `lease` from now on, if it is still held."""
        await self._connection.execute(
            """
            UPDATE booking_desk.outbox SET due_at = now() + $3::interval
             WHERE id = $1 AND state = 'sending' AND attempts = $2
            """,
            claim.id,
            claim.message.attempts,
            lease,
        )

    async def probe(self, shortest: timedelta, longest: timedelta, *, limit: int) -> None:
        """Queue up to `limit` messages again that have waited long enough.

        Long enough is a tenth of the message's age at its last try, at least `shortest` and at
        most `longest`.
        """
        await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = 'queued', due_at = now(), spent = attempts, ended_at = NULL
             WHERE id IN (SELECT id
                            FROM booking_desk.outbox
                           WHERE state = 'waiting'
                             AND ended_at < now() - greatest($1::interval,
                                     least($2::interval, (ended_at - created_at) / 10))
                           ORDER BY ended_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            """,
            shortest,
            longest,
            limit,
        )

    async def reclaim(self) -> Sequence[Message]:
        """Queue the messages again whose lease has ended.

        Returns:
            The messages whose request may have left; they are marked, as they may arrive twice.
        """
        rows = await self._connection.fetch(
            f"""
            WITH lapsed AS (
                SELECT id, departed_at IS NOT NULL AS departed
                  FROM booking_desk.outbox
                 WHERE state = 'sending' AND due_at <= now() FOR UPDATE SKIP LOCKED
            ), reclaimed AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'queued', due_at = now(), maybe_twice = maybe_twice OR departed
                  FROM lapsed
                 WHERE message.id = lapsed.id
                RETURNING message.*, departed
            ), told AS (
                SELECT count(pg_notify('booking_desk', 'outbox')) FROM reclaimed
            )
            SELECT {COLUMNS} FROM reclaimed, told WHERE departed ORDER BY id
            """
        )
        return [message_of(row) for row in rows]
