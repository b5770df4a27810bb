-- Messages owed to students; a row is written in the transaction of the change that owes it.

CREATE TABLE booking_desk.outbox (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id          bigint      NOT NULL,
    user_id             bigint      NOT NULL,        -- also the private chat to write to
    kind                text        NOT NULL CHECK (kind IN ('welcome')),
    revision            integer     NOT NULL,        -- of the booking, when the message was owed
    state               text        NOT NULL DEFAULT 'queued'
                        CHECK (state IN ('queued', 'sending', 'sent', 'unknown',
                                         'waiting', 'failed', 'withdrawn')),
    due_at              timestamptz NOT NULL DEFAULT now(),  -- 'sending': the lease ends then
    attempts            integer     NOT NULL DEFAULT 0,      -- counted when one begins
    reason              text,                        -- why it is not sent (yet)
    text                text,                        -- HTML, as last sent or tried
    telegram_message_id bigint,
    created_at          timestamptz NOT NULL DEFAULT now(),
    ended_at            timestamptz,
    UNIQUE (booking_id, kind, revision)              -- a change is announced once
);

-- Only what is still to be done is indexed by time, so the queue costs the same
-- however long the history behind it grows.
CREATE INDEX outbox_due     ON booking_desk.outbox (due_at, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_waiting ON booking_desk.outbox (user_id)    WHERE state = 'waiting';
