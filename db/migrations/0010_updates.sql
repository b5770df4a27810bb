-- Telegram sends an update to the webhook again if it got no answer, maybe to another replica. Each
-- update is recorded before it is handled, so that it is not handled twice.

CREATE TABLE booking_desk.updates (
    bot_id     bigint      NOT NULL,
    update_id  bigint      NOT NULL,
    held_until timestamptz NOT NULL,                 -- the end of the lease; 'infinity': handled
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bot_id, update_id)
);
