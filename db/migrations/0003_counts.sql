-- How many bookings of each status were made in each stretch of time: the counts on the tabs and
-- "page n of m" without counting bookings. The table is a ledger: every statement that writes
-- bookings appends what it changed, so writers never wait for each other on a counter; the sum is
-- the truth at any moment, and rows of one (span, bucket, confirmed) are folded from time to time.
-- The long buckets are few enough to be summed for a total; the shorter ones divide them, so that
-- hardly a booking is left to be counted by itself for a rank, however many come in a day.

CREATE TABLE booking_desk.counts (
    span      interval    NOT NULL CHECK (span IN ('30 days', '1 day', '10 minutes')),
    bucket    timestamptz NOT NULL,                  -- when it begins
    confirmed integer,
    n         bigint      NOT NULL
);
CREATE INDEX counts_by_bucket ON booking_desk.counts (span, bucket, confirmed) INCLUDE (n);

-- Counted from here, the first moment that PostgreSQL knows begins a bucket of every span, and
-- the last is not too far away.
CREATE FUNCTION booking_desk.bucket(span interval, moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin(span, moment, '1999-12-27 00:00:00+00'::timestamptz);

CREATE FUNCTION booking_desk.buckets(created_at timestamptz)
RETURNS TABLE (span interval, bucket timestamptz)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT span, booking_desk.bucket(span, coalesce(created_at, 'epoch'))
      FROM unnest(ARRAY['30 days', '1 day', '10 minutes']::interval[]) AS span;
END;

CREATE FUNCTION booking_desk.count_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
        SELECT span, bucket, confirmed, count(*)
          FROM new_rows, booking_desk.buckets(created_at)
         GROUP BY 1, 2, 3;
    WHEN 'DELETE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
        SELECT span, bucket, confirmed, -count(*)
          FROM old_rows, booking_desk.buckets(created_at)
         GROUP BY 1, 2, 3;
    WHEN 'UPDATE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
        SELECT span, bucket, confirmed, sum(n)
          FROM (SELECT created_at, confirmed, -1 AS n FROM old_rows
                UNION ALL
                SELECT created_at, confirmed, 1 FROM new_rows) AS change,
               booking_desk.buckets(created_at)
         GROUP BY 1, 2, 3
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
INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
SELECT span, bucket, confirmed, count(*)
  FROM bookings, booking_desk.buckets(created_at)
 GROUP BY 1, 2, 3;
