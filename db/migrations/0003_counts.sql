-- The number of bookings of each status in each bucket of time. The tabs' counts and "page n of m"
-- read it instead of counting bookings. A total sums the few long buckets. A rank also sums shorter
-- buckets, so it counts few bookings one by one, however many are made in a day.

-- The two longer spans also have a row for each course. So a total does not read a row for each
-- course.
CREATE TABLE booking_desk.counts (
    span      interval    NOT NULL CHECK (span IN ('30 days', '1 day', '10 minutes')),
    bucket    timestamptz NOT NULL,                  -- the beginning of the bucket
    confirmed integer,
    course_id integer,                               -- NULL: all bookings, also those of no course
    n         bigint      NOT NULL
);
CREATE INDEX counts_of_all ON booking_desk.counts (span, bucket, confirmed)
    INCLUDE (n) WHERE course_id IS NULL;
CREATE INDEX counts_of_course ON booking_desk.counts (course_id, span, bucket, confirmed)
    INCLUDE (n) WHERE course_id IS NOT NULL;

-- What has been written since. Each write of a booking appends its changes, so writers never wait
-- for each other on a counter, and a row without an index costs them little. A fold adds these rows
-- to the counts now and then.
CREATE TABLE booking_desk.count_changes (
    created_at timestamptz,
    confirmed  integer,
    course_id  integer,
    n          integer NOT NULL                      -- bookings more, or fewer
);

-- With this origin PostgreSQL's first moment begins a bucket of every span, and its last moment is
-- in range.
CREATE FUNCTION booking_desk.bucket(span interval, moment timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin(span, moment, '1999-12-27 00:00:00+00'::timestamptz);

-- The rows that count a booking: for all bookings, and for its course.
CREATE FUNCTION booking_desk.buckets(created_at timestamptz, course_id integer)
RETURNS TABLE (span interval, bucket timestamptz, course_id integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT span, booking_desk.bucket(span, coalesce($1, 'epoch')), CASE WHEN of_course THEN $2 END
      FROM (VALUES ('30 days'::interval, false), ('1 day', false), ('10 minutes', false),
                   ('30 days', true), ('1 day', true)) AS counted (span, of_course)
     WHERE NOT of_course OR $2 IS NOT NULL;
END;

-- The sum is right at any moment.
CREATE VIEW booking_desk.ledger AS
SELECT span, bucket, confirmed, course_id, n FROM booking_desk.counts
UNION ALL
SELECT span, bucket, confirmed, counted.course_id, n
  FROM booking_desk.count_changes AS change,
       booking_desk.buckets(created_at, change.course_id) AS counted;
