-- The booking that each admin reviews, so that two who review at once get different ones.
-- Losing it in a crash costs nobody anything.
CREATE UNLOGGED TABLE booking_desk.claims (
    booking_id bigint      PRIMARY KEY,
    admin_id   bigint      NOT NULL,
    until      timestamptz NOT NULL
);
