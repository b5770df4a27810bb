-- How many bookings of each status were made each day and each hour: the counts on the tabs and
-- "page n of m" without counting bookings. The table is a ledger: every statement that writes
-- bookings appends what it changed, so writers never wait for each other on a counter; the sum is
-- the truth at any moment, and rows of one (span, bucket, confirmed) are folded from time to time.
-- Days are few enough to be summed for a total, hours keep a busy day from being counted row by row.

CREATE TABLE booking_desk.counts (
    span      text        NOT NULL CHECK (span IN ('day', 'hour')),
    bucket    timestamptz NOT NULL,                  -- when it begins, in UTC
    confirmed integer,
    n         bigint      NOT NULL
);
CREATE INDEX counts_by_bucket ON booking_desk.counts (span, bucket) INCLUDE (confirmed, n);

CREATE FUNCTION booking_desk.count_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
        SELECT span, date_trunc(span, coalesce(created_at, 'epoch'), 'UTC'), confirmed, count(*)
          FROM new_rows, unnest(ARRAY['day', 'hour']) AS span
         GROUP BY 1, 2, 3;
    WHEN 'DELETE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
        SELECT span, date_trunc(span, coalesce(created_at, 'epoch'), 'UTC'), confirmed, -count(*)
          FROM old_rows, unnest(ARRAY['day', 'hour']) AS span
         GROUP BY 1, 2, 3;
    WHEN 'UPDATE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, n)
        SELECT span, date_trunc(span, coalesce(created_at, 'epoch'), 'UTC'), confirmed, sum(n)
          FROM (SELECT created_at, confirmed, -1 AS n FROM old_rows
                UNION ALL
                SELECT created_at, confirmed, 1 FROM new_rows) AS change,
               unnest(ARRAY['day', 'hour']) AS span
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
SELECT span, date_trunc(span, coalesce(created_at, 'epoch'), 'UTC'), confirmed, count(*)
  FROM bookings, unnest(ARRAY['day', 'hour']) AS span
 GROUP BY 1, 2, 3;
