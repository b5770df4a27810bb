-- How many bookings of each status were made in each stretch of time: the counts on the tabs and
-- "page n of m" without counting bookings. The table is a ledger: every statement that writes
-- bookings appends what it changed, so writers never wait for each other on a counter; the sum is
-- the truth at any moment, and rows of one (span, bucket, confirmed) are folded from time to time.
-- The long buckets are few enough to be summed for a total; the shorter ones divide them, so that
-- hardly a booking is left to be counted by itself for a rank, however many come in a day.

-- The two longer spans also know the course. Writers append one row that counts for all bookings
-- and for its course. A fold turns such rows into one of each kind: a row without a course, and a
-- share, which counts for its course alone. So a total never reads a row for each course, and
-- writers append as many rows, to one index, as if there were no courses.

CREATE TABLE booking_desk.counts (
    span      interval    NOT NULL CHECK (span IN ('30 days', '1 day', '10 minutes')),
    bucket    timestamptz NOT NULL,                  -- when it begins
    confirmed integer,
    course_id integer,                               -- NULL: of no course, or of all
    n         bigint      NOT NULL,
    is_share  boolean     NOT NULL DEFAULT false     -- counted for all by another row
);
CREATE INDEX counts_of_all ON booking_desk.counts (span, bucket, confirmed)
    INCLUDE (course_id, n) WHERE NOT is_share;
CREATE INDEX counts_of_course ON booking_desk.counts (course_id, span, bucket, confirmed)
    INCLUDE (n) WHERE is_share;

-- Counted from here, the first moment that PostgreSQL knows begins a bucket of every span, and
-- the last is not too far away.
CREATE FUNCTION booking_desk.bucket(span interval, moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin(span, moment, '1999-12-27 00:00:00+00'::timestamptz);

CREATE FUNCTION booking_desk.buckets(created_at timestamptz, course_id integer)
RETURNS TABLE (span interval, bucket timestamptz, course_id integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT span, booking_desk.bucket(span, coalesce($1, 'epoch')),
           CASE WHEN span > '10 minutes' THEN $2 END
      FROM unnest(ARRAY['30 days', '1 day', '10 minutes']::interval[]) AS span;
END;

CREATE FUNCTION booking_desk.count_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n)
        SELECT span, bucket, confirmed, counted.course_id, count(*)
          FROM new_rows AS booking,
               booking_desk.buckets(created_at, booking.course_id) AS counted
         GROUP BY 1, 2, 3, 4;
    WHEN 'DELETE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n)
        SELECT span, bucket, confirmed, counted.course_id, -count(*)
          FROM old_rows AS booking,
               booking_desk.buckets(created_at, booking.course_id) AS counted
         GROUP BY 1, 2, 3, 4;
    WHEN 'UPDATE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n)
        SELECT span, bucket, confirmed, counted.course_id, sum(n)
          FROM (SELECT created_at, confirmed, course_id, -1 AS n FROM old_rows
                UNION ALL
                SELECT created_at, confirmed, course_id, 1 FROM new_rows) AS change,
               booking_desk.buckets(created_at, change.course_id) AS counted
         GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0;
    WHEN 'TRUNCATE' THEN
        -- A fold under way would put back what it has taken, so it must end first.
        LOCK TABLE booking_desk.counts IN SHARE ROW EXCLUSIVE MODE;
        DELETE FROM booking_desk.counts;
    END CASE;
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_count_on_insert
    AFTER INSERT ON bookings REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();
CREATE TRIGGER booking_desk_count_on_update
    AFTER UPDATE ON bookings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();
CREATE TRIGGER booking_desk_count_on_delete
    AFTER DELETE ON bookings REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();
CREATE TRIGGER booking_desk_count_on_truncate
    AFTER TRUNCATE ON bookings
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();

-- The triggers above lock the table against writers until this migration commits,
-- so what is counted here and what they will append never overlap.
INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n, is_share)
SELECT span, bucket, confirmed, counted.course_id, count(*), grouping(counted.course_id) = 0
  FROM bookings AS booking, booking_desk.buckets(created_at, booking.course_id) AS counted
 GROUP BY GROUPING SETS ((1, 2, 3), (1, 2, 3, 4))
HAVING grouping(counted.course_id) = 1 OR counted.course_id IS NOT NULL;
