-- Telegram brings an update to the webhook again when it got no answer, and perhaps to another
-- replica. Each is written down before it is handled, so that whoever meets it again knows.

CREATE TABLE booking_desk.updates (
    bot_id     bigint      NOT NULL,
    update_id  bigint      NOT NULL,
    held_until timestamptz NOT NULL,                 -- by whom handles it; 'infinity': it is done
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, update_id)
);
