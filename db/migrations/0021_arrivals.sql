-- Bookings that other programs have made, until the staff are told of them.

-- Bookings come in any order of their numbers, because each transaction commits when it likes. So
-- they are looked for above `seen_to`, which goes on to `next_to` only when no transaction is left
-- that may have taken a lower number.
CREATE TABLE booking_desk.arrivals_seen (
    seen_to bigint      NOT NULL,
    next_to bigint      NOT NULL,
    since   timestamptz NOT NULL DEFAULT now(),      -- when `next_to` was noted
    running xid8        NOT NULL DEFAULT pg_snapshot_xmax(pg_current_snapshot())
);
INSERT INTO booking_desk.arrivals_seen (seen_to, next_to)
SELECT n, n FROM (SELECT coalesce(max(id), 0)::bigint AS n FROM bookings) AS newest;

-- Those above `seen_to` that have been looked at.
CREATE TABLE booking_desk.arrivals (
    booking_id bigint PRIMARY KEY
);
