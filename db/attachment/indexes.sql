-- The indexes on `bookings`. Each is built beside the school's writers, outside of a transaction.

-- Lists are read in the order (created_at, id). The column may be NULL in a school's table, and a
-- row comparison with NULL loses the row, so NULL counts as the epoch. The plain column is
-- included, because an index-only scan does not match the expression. The expressions differ, so
-- that PostgreSQL does not read a tab through the index of all bookings; see db/lists/order.py.
CREATE INDEX CONCURRENTLY booking_desk_newest
    ON bookings ((coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz)), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX CONCURRENTLY booking_desk_by_status
    ON bookings (confirmed,
                 (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz
                       ELSE booking_desk.moment(created_at) END), id)
    INCLUDE (created_at, discount_percent);

-- A student's own bookings. The included columns save reading rows that lie on many pages.
CREATE INDEX CONCURRENTLY booking_desk_of_person ON bookings (user_id, id)
    INCLUDE (course_id, confirmed, discount_percent);
-- Only where the number is no number there.
CREATE INDEX CONCURRENTLY booking_desk_of_person_id ON bookings (booking_desk.person_id(user_id), id);

-- Codes are found in any case.
CREATE INDEX CONCURRENTLY booking_desk_of_code
    ON bookings (lower(left(referral_code, 64)), id) WHERE referral_code IS NOT NULL;

-- Filtered lists have the same order as all lists. With the third spelling of the moment PostgreSQL
-- does not read them through the indexes of all bookings or of a status; see db/lists/order.py. The
-- columns of the other conditions are included, so that only the index is read for them. The plain
-- date is included, so that counting reads only the index. A list of all statuses merges the lists of
-- each; an index of its own would cost the writers more.
CREATE INDEX CONCURRENTLY booking_desk_by_stream_and_status
    ON bookings (course_stream, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, course_id, discount_percent);
CREATE INDEX CONCURRENTLY booking_desk_by_stream_and_odd_status
    ON bookings (course_stream,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, course_id, discount_percent)
    WHERE (confirmed IN (-1, 0, 1, 2)) IS NOT TRUE;
CREATE INDEX CONCURRENTLY booking_desk_by_course_and_status
    ON bookings (course_id, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX CONCURRENTLY booking_desk_by_course_and_odd_status
    ON bookings (course_id,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, discount_percent)
    WHERE (confirmed IN (-1, 0, 1, 2)) IS NOT TRUE;
-- Codes also have an index-only scan, except long ones, which may not fit into an index.
CREATE INDEX CONCURRENTLY booking_desk_by_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, referral_code, confirmed, course_id, course_stream, discount_percent)
    WHERE length(referral_code) < 64;
CREATE INDEX CONCURRENTLY booking_desk_by_long_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at)
    WHERE length(referral_code) >= 64;
