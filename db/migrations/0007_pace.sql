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
