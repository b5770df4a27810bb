-- Messages owed to people; a row is written in the transaction of the change that owes it.

CREATE TABLE booking_desk.outbox (
    id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind                text        NOT NULL CHECK (kind IN ('welcome', 'unreached')),
    booking_id          bigint      NOT NULL,
    revision            integer     NOT NULL,        -- of the booking, when the message was owed
    chat_id             bigint      NOT NULL,        -- whom it is for; negative: a group
    sender              text        NOT NULL CHECK (sender IN ('students', 'desk')),
    priority            smallint    NOT NULL DEFAULT 0,      -- lower leaves first
    state               text        NOT NULL DEFAULT 'queued'
                        CHECK (state IN ('queued', 'sending', 'sent', 'unknown',
                                         'waiting', 'failed', 'withdrawn')),
    due_at              timestamptz NOT NULL DEFAULT now(),  -- 'sending': the lease ends then
    attempts            integer     NOT NULL DEFAULT 0,      -- counted when one begins
    departed_at         timestamptz,                 -- the request of this attempt may have left
    maybe_twice         boolean     NOT NULL DEFAULT false,  -- resent after a death in mid-request
    reason              text,                        -- why it is not sent (yet)
    text                text,                        -- HTML, as last sent or tried
    telegram_message_id bigint,
    created_at          timestamptz NOT NULL DEFAULT now(),
    ended_at            timestamptz,
    UNIQUE (booking_id, kind, revision, chat_id)     -- a change is announced once to each
);

-- Only what is still to be done is indexed, so the queue costs the same however long
-- the history behind it grows.
CREATE INDEX outbox_queued  ON booking_desk.outbox (priority, due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_leased  ON booking_desk.outbox (due_at) WHERE state = 'sending';
CREATE INDEX outbox_waiting ON booking_desk.outbox (chat_id) WHERE state = 'waiting';
CREATE INDEX outbox_undelivered ON booking_desk.outbox (state, reason, id)
    WHERE state IN ('queued', 'sending', 'unknown', 'waiting', 'failed');
-- The history by state, for the lists of what was sent and what was withdrawn.
CREATE INDEX outbox_by_state ON booking_desk.outbox (state, id) WHERE state IN ('sent', 'withdrawn');

-- What a person was sent, the newest first.
CREATE INDEX outbox_of_person ON booking_desk.outbox (chat_id, id) WHERE kind = 'welcome';

-- How each attempt ended; one without a row was cut short by the death of its program.
CREATE TABLE booking_desk.attempts (
    message_id bigint      NOT NULL REFERENCES booking_desk.outbox ON DELETE CASCADE,
    attempt    integer     NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    state      text        NOT NULL,                 -- of the message, after the attempt
    reason     text,
    detail     text                                  -- Telegram's own words
);
CREATE INDEX attempts_of_message ON booking_desk.attempts (message_id, at);
CREATE INDEX attempts_that_failed ON booking_desk.attempts (at) WHERE reason IS NOT NULL;
