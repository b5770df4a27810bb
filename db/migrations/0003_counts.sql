-- The number of bookings of each status in each bucket of time. The tabs' counts and "page n of m"
-- read it instead of counting bookings. The table is a ledger: each statement that writes bookings
-- appends its changes, so writers never wait for each other on a counter. The sum is right at any
-- moment; a fold replaces the rows of one (span, bucket, confirmed) by their sum now and then.
-- A total sums the few long buckets. A rank also sums shorter buckets, so it counts few bookings
-- one by one, however many are made in a day.

-- The two longer spans also have the course. Writers append one row, which counts for all bookings
-- and for its course. A fold turns such rows into a row without a course and a share, which counts
-- for its course alone. So a total does not read a row for each course, and writers append no more
-- rows than without courses, to one index.

CREATE TABLE booking_desk.counts (
    span      interval    NOT NULL CHECK (span IN ('30 days', '1 day', '10 minutes')),
    bucket    timestamptz NOT NULL,                  -- the beginning of the bucket
    confirmed integer,
    course_id integer,                               -- NULL: no course, or all courses
    n         bigint      NOT NULL,
    is_share  boolean     NOT NULL DEFAULT false     -- another row counts it for all
);
CREATE INDEX counts_of_all ON booking_desk.counts (span, bucket, confirmed)
    INCLUDE (course_id, n) WHERE NOT is_share;
CREATE INDEX counts_of_course ON booking_desk.counts (course_id, span, bucket, confirmed)
    INCLUDE (n) WHERE is_share;

-- With this origin PostgreSQL's first moment begins a bucket of every span, and its last moment is
-- in range.
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
        SELECT span, bucket, booking_desk.whole(confirmed), counted.course_id, count(*)
          FROM new_rows AS booking,
               booking_desk.buckets(booking_desk.moment(created_at),
                                    booking_desk.whole(booking.course_id)) AS counted
         GROUP BY 1, 2, 3, 4;
    WHEN 'DELETE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n)
        SELECT span, bucket, booking_desk.whole(confirmed), counted.course_id, -count(*)
          FROM old_rows AS booking,
               booking_desk.buckets(booking_desk.moment(created_at),
                                    booking_desk.whole(booking.course_id)) AS counted
         GROUP BY 1, 2, 3, 4;
    WHEN 'UPDATE' THEN
        INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n)
        SELECT span, bucket, booking_desk.whole(confirmed), counted.course_id, sum(n)
          FROM (SELECT created_at, confirmed, course_id, -1 AS n FROM old_rows
                UNION ALL
                SELECT created_at, confirmed, course_id, 1 FROM new_rows) AS change,
               booking_desk.buckets(booking_desk.moment(created_at),
                                    booking_desk.whole(change.course_id)) AS counted
         GROUP BY 1, 2, 3, 4
        HAVING sum(n) <> 0;
    WHEN 'TRUNCATE' THEN
        -- A fold in progress would insert its sums again, so it must end first.
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

-- The triggers above lock the table against writers until this migration commits, so a booking is
-- counted either here or by a trigger.
INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n, is_share)
SELECT span, bucket, booking_desk.whole(confirmed), counted.course_id, count(*),
       grouping(counted.course_id) = 0
  FROM bookings AS booking,
       booking_desk.buckets(booking_desk.moment(created_at),
                            booking_desk.whole(booking.course_id)) AS counted
 GROUP BY GROUPING SETS ((1, 2, 3), (1, 2, 3, 4))
HAVING grouping(counted.course_id) = 1 OR counted.course_id IS NOT NULL;
