-- What an admin is asked before a booking is cancelled or moved, with the words that the admin writes
-- for the student. It is here because the words come in a message of their own, maybe to another
-- replica.
CREATE TABLE booking_desk.questions (
    id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id   bigint      NOT NULL,                 -- who is asked
    booking_id bigint      NOT NULL,
    revision   integer     NOT NULL,                 -- of the booking, when it was asked
    action     text        NOT NULL CHECK (action IN ('cancel', 'move')),
    back       text        NOT NULL,                 -- the payload of the button back
    words      text,
    version    integer     NOT NULL DEFAULT 1,       -- a button names the one it was drawn for
    asked_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX questions_by_time ON booking_desk.questions (asked_at);
