-- Messages owed to people. The transaction of the change that owes a message writes its row. The
-- queue knows no kind: the program composes a message, and follows its end.

CREATE TABLE booking_desk.outbox (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind                 text        NOT NULL,
    key                  text        NOT NULL UNIQUE, -- kind:subject:chat; each is owed once
    payload              jsonb       NOT NULL DEFAULT '{}',  -- values that the kind needs
    booking_id           bigint,                      -- the booking it is about, if any
    revision             integer,                     -- of the booking, when the message was owed
    chat_id              bigint      NOT NULL,        -- the recipient; negative: a group
    sender               text        NOT NULL CHECK (sender IN ('students', 'desk')),
    priority             smallint    NOT NULL DEFAULT 0,      -- the lowest is sent first
    state                text        NOT NULL DEFAULT 'queued'
                         CHECK (state IN ('queued', 'sending', 'sent', 'unknown',
                                          'waiting', 'failed', 'withdrawn')),
    due_at               timestamptz NOT NULL DEFAULT now(),  -- 'sending': the end of the lease
    attempts             integer     NOT NULL DEFAULT 0,      -- counted when an attempt begins
    spent                integer     NOT NULL DEFAULT 0,      -- attempts before it was queued again
    done                 integer     NOT NULL DEFAULT 0,      -- acts that are done
    departed_at          timestamptz,                 -- when this attempt's request left
    maybe_twice          boolean     NOT NULL DEFAULT false,  -- an earlier request may have arrived
    reason               text,                        -- why it is not sent, or not yet
    text                 text,                        -- HTML, as last sent or tried
    telegram_message_ids bigint[]    NOT NULL DEFAULT '{}',   -- of the parts sent, in order
    created_at           timestamptz NOT NULL DEFAULT now(),
    ended_at             timestamptz,
    CHECK ((booking_id IS NULL) = (revision IS NULL))
);

-- These indexes have only messages that have not ended, so the queue costs the same however long
-- the history is.
CREATE INDEX outbox_queued  ON booking_desk.outbox (priority, due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_leased  ON booking_desk.outbox (due_at) WHERE state = 'sending';
CREATE INDEX outbox_waiting ON booking_desk.outbox (chat_id) WHERE state = 'waiting';
CREATE INDEX outbox_undelivered ON booking_desk.outbox (state, reason, id)
    WHERE state IN ('queued', 'sending', 'unknown', 'waiting', 'failed');
-- The history by state, for the lists of sent and of withdrawn messages.
CREATE INDEX outbox_by_state ON booking_desk.outbox (state, id) WHERE state IN ('sent', 'withdrawn');

-- Messages about a booking, and messages to a person, the newest first.
CREATE INDEX outbox_of_booking ON booking_desk.outbox (booking_id, kind, revision)
    WHERE booking_id IS NOT NULL;
CREATE INDEX outbox_of_person ON booking_desk.outbox (chat_id, kind, id);

-- The ends of attempts. If a program dies during an attempt, the attempt has no row.
CREATE TABLE booking_desk.attempts (
    message_id bigint      NOT NULL REFERENCES booking_desk.outbox ON DELETE CASCADE,
    attempt    integer     NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    state      text        NOT NULL,                 -- of the message, after the attempt
    reason     text,
    detail     text                                  -- Telegram's text
);
CREATE INDEX attempts_of_message ON booking_desk.attempts (message_id, at);
CREATE INDEX attempts_that_failed ON booking_desk.attempts (at) WHERE reason IS NOT NULL;

-- The gates keep one pace for all replicas. A bot has one gate. A replica that takes a slot sets
-- the next one, so two replicas never send at the same moment, and a pause that Telegram asks for
-- stops all of them. Only PostgreSQL's clock is read, so a wrong clock of a replica does no harm.

CREATE TABLE booking_desk.gates (
    bot_id       bigint      PRIMARY KEY,
    free_at      timestamptz NOT NULL DEFAULT '-infinity',   -- the beginning of the next slot
    paused_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- A statement that has waited for the gate still sees the bookings of its beginning. This function
-- sees them as they are when it is called, because it is volatile.
CREATE FUNCTION booking_desk.is_unchanged(booking bigint, expected integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM bookings WHERE id = booking AND revision <> expected);
END
$$;

-- A person gets at most one message a second, a group twenty a minute.
CREATE UNLOGGED TABLE booking_desk.chat_gates (
    bot_id  bigint      NOT NULL,
    chat_id bigint      NOT NULL,
    free_at timestamptz NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
);

-- A group that became a supergroup has a new id; messages for the old id go to the new one.
CREATE TABLE booking_desk.chat_moves (
    old_id bigint PRIMARY KEY,
    new_id bigint NOT NULL
);
