-- a page of a group
SELECT
id, kind, payload, booking_id, revision, chat_id, state, reason, attempts,
attempts - spent AS tries, done, telegram_message_ids, due_at, text, maybe_twice, created_at,
ended_at
          FROM booking_desk.outbox
         WHERE state = 'waiting' AND reason = 'blocked' AND id < $1
         ORDER BY id DESC
         LIMIT 8;

-- how many
SELECT count(*)
FROM (SELECT FROM booking_desk.outbox
       WHERE state = 'sent' AND reason IS NULL AND $1::bigint IS NULL
       LIMIT 1000) AS counted;

-- queue a group
WITH queued AS (
    UPDATE booking_desk.outbox
       SET state = 'queued', reason = NULL, spent = attempts, due_at = now(),
           ended_at = NULL, priority = 10,
           maybe_twice = maybe_twice OR state = 'unknown'
     WHERE id IN (SELECT id FROM booking_desk.outbox
                   WHERE state = 'waiting' AND reason = 'blocked' AND state = ANY($2)
                   ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING id
), told AS (SELECT pg_notify('booking_desk', 'outbox') FROM queued LIMIT 1)
SELECT count(*) FROM queued LEFT JOIN told ON true;
