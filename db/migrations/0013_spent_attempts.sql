-- Attempts are counted on for as long as a message lives, so that no two of them share a number.
-- What is sent anew has as many tries as at first: those before are spent.

ALTER TABLE booking_desk.outbox ADD COLUMN spent integer NOT NULL DEFAULT 0;
