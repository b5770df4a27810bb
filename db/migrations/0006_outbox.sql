-- Messages owed to people; a row is written in the transaction of the change that owes it.
-- The queue knows no kind: what a message says, and what its end means, is the program's.

CREATE TABLE booking_desk.outbox (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind                 text        NOT NULL,
    key                  text        NOT NULL UNIQUE, -- kind:subject:chat; each is owed once
    payload              jsonb       NOT NULL DEFAULT '{}',  -- what the kind keeps for itself
    booking_id           bigint,                      -- the booking it is about, if it is about one
    revision             integer,                     -- of the booking, when the message was owed
    chat_id              bigint      NOT NULL,        -- whom it is for; negative: a group
    sender               text        NOT NULL CHECK (sender IN ('students', 'desk')),
    priority             smallint    NOT NULL DEFAULT 0,      -- lower leaves first
    state                text        NOT NULL DEFAULT 'queued'
                         CHECK (state IN ('queued', 'sending', 'sent', 'unknown',
                                          'waiting', 'failed', 'withdrawn')),
    due_at               timestamptz NOT NULL DEFAULT now(),  -- 'sending': the lease ends then
    attempts             integer     NOT NULL DEFAULT 0,      -- counted when one begins
    spent                integer     NOT NULL DEFAULT 0,      -- of these, before it was sent anew
    done                 integer     NOT NULL DEFAULT 0,      -- parts that are through
    departed_at          timestamptz,                 -- the request of this attempt may have left
    maybe_twice          boolean     NOT NULL DEFAULT false,  -- resent after a death in mid-request
    reason               text,                        -- why it is not sent (yet)
    text                 text,                        -- HTML, as last sent or tried
    telegram_message_ids bigint[]    NOT NULL DEFAULT '{}',   -- what was sent, in its order
    created_at           timestamptz NOT NULL DEFAULT now(),
    ended_at             timestamptz,
    CHECK ((booking_id IS NULL) = (revision IS NULL))
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

-- What is said about a booking, and what a person was sent, the newest first.
CREATE INDEX outbox_of_booking ON booking_desk.outbox (booking_id, kind, revision)
    WHERE booking_id IS NOT NULL;
CREATE INDEX outbox_of_person ON booking_desk.outbox (chat_id, kind, id);

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

-- One pace for all replicas. A bot has one gate: whoever takes the next slot moves it on, so two
-- replicas can never send at the same moment, and a pause that Telegram asks for stops them all.
-- Only PostgreSQL's clock is read, so a replica whose own is wrong sends in step all the same.

CREATE TABLE booking_desk.gates (
    bot_id       bigint      PRIMARY KEY,
    free_at      timestamptz NOT NULL DEFAULT '-infinity',   -- the next slot begins
    paused_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- One message a second to a person, twenty a minute to a group.
CREATE UNLOGGED TABLE booking_desk.chat_gates (
    bot_id  bigint      NOT NULL,
    chat_id bigint      NOT NULL,
    free_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
);

-- A group that became a supergroup has a new id; messages for the old one go there.
CREATE TABLE booking_desk.chat_moves (
    old_id bigint PRIMARY KEY,
    new_id bigint NOT NULL
);
