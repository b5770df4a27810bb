-- Messages of the bot that show a booking. When the booking, or a message about it, changes, they
-- are drawn again, so that no admin reads what is not true any more.
CREATE TABLE booking_desk.copies (
    chat_id      bigint      NOT NULL,
    message_id   bigint      NOT NULL,        -- Telegram's
    booking_id   bigint      NOT NULL,
    payload      text,                        -- of the button that opens the card
    notice_id    bigint,                      -- the notice of the outbox that it is, if it is no card
    language     text,                        -- of its reader, if known when it was drawn
    drawn_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at       timestamptz,                 -- when to draw it again
    leased_until timestamptz,                 -- a worker draws it
    PRIMARY KEY (chat_id, message_id),
    CHECK ((payload IS NULL) <> (notice_id IS NULL))
);
CREATE INDEX copies_of_booking ON booking_desk.copies (booking_id);
CREATE INDEX copies_due ON booking_desk.copies (due_at) WHERE due_at IS NOT NULL;
-- For forgetting the oldest.
CREATE INDEX copies_by_age ON booking_desk.copies (drawn_at);
