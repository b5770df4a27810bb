-- by status
SELECT confirmed, sum(n)::bigint AS n
 FROM booking_desk.ledger
WHERE span = '30 days' AND course_id IS NULL
GROUP BY confirmed;

-- by status in courses
SELECT confirmed, sum(n)::bigint AS n
 FROM booking_desk.ledger
WHERE span = '30 days' AND course_id = ANY(ARRAY(SELECT unnest($1::bigint[])))
GROUP BY confirmed;

-- before one of all
SELECT coalesce(sum(n), 0)::bigint
FROM (SELECT sum(n) AS n FROM booking_desk.ledger
       WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND course_id IS NULL AND true
       UNION ALL
      SELECT sum(n) FROM booking_desk.ledger
       WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz))
         AND course_id IS NULL AND true
       UNION ALL
      SELECT sum(n) FROM booking_desk.ledger
       WHERE span = '10 minutes' AND bucket >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('10 minutes', $1::timestamptz))
         AND course_id IS NULL AND true
       UNION ALL
      SELECT count(*) FROM bookings
       WHERE coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) >= (SELECT booking_desk.bucket('10 minutes', $1::timestamptz)) AND coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) <= (SELECT $1::timestamptz)
         AND (coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz), id) < ($1, $2::bigint) AND true) AS earlier;

-- before one of a tab
SELECT coalesce(sum(n), 0)::bigint
FROM (SELECT sum(n) AS n FROM booking_desk.ledger
       WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND course_id IS NULL AND confirmed = (SELECT $3::integer)
       UNION ALL
      SELECT sum(n) FROM booking_desk.ledger
       WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz))
         AND course_id IS NULL AND confirmed = (SELECT $3::integer)
       UNION ALL
      SELECT sum(n) FROM booking_desk.ledger
       WHERE span = '10 minutes' AND bucket >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('10 minutes', $1::timestamptz))
         AND course_id IS NULL AND confirmed = (SELECT $3::integer)
       UNION ALL
      SELECT count(*) FROM bookings
       WHERE CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END >= (SELECT booking_desk.bucket('10 minutes', $1::timestamptz)) AND CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END <= (SELECT $1::timestamptz)
         AND (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END, id) < ($1, $2::bigint) AND confirmed = (SELECT $3::integer)) AS earlier;

-- before one in courses
SELECT coalesce(sum(n), 0)::bigint
FROM (SELECT sum(n) AS n FROM booking_desk.ledger
       WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz))
         AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))) AND true
       UNION ALL
      SELECT sum(n) FROM booking_desk.ledger
       WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz))
         AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))) AND true
       UNION ALL
      SELECT of_course.n FROM unnest(ARRAY(SELECT unnest($3::bigint[]))) AS course (id)
       CROSS JOIN LATERAL (
              SELECT count(*) AS n FROM bookings
               WHERE course_id = course.id AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END <= (SELECT $1::timestamptz)
                 AND (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END, bookings.id) < ($1, $2::bigint) AND true)
           AS of_course) AS earlier;

-- before one of a tab in courses
SELECT coalesce(sum(n), 0)::bigint
FROM (SELECT sum(n) AS n FROM booking_desk.ledger
       WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz))
         AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))) AND confirmed = (SELECT $4::integer)
       UNION ALL
      SELECT sum(n) FROM booking_desk.ledger
       WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz))
         AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))) AND confirmed = (SELECT $4::integer)
       UNION ALL
      SELECT of_course.n FROM unnest(ARRAY(SELECT unnest($3::bigint[]))) AS course (id)
       CROSS JOIN LATERAL (
              SELECT count(*) AS n FROM bookings
               WHERE course_id = course.id AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END <= (SELECT $1::timestamptz)
                 AND (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END, bookings.id) < ($1, $2::bigint) AND confirmed = (SELECT $4::integer))
           AS of_course) AS earlier;

-- the fold
BEGIN;;

-- the fold
LOCK TABLE booking_desk.counts IN SHARE ROW EXCLUSIVE MODE;

-- the fold
WITH fresh AS (
    DELETE FROM booking_desk.count_changes RETURNING *
), change AS (
    SELECT span, bucket, confirmed, counted.course_id, sum(n) AS n
      FROM fresh, booking_desk.buckets(created_at, fresh.course_id) AS counted
     GROUP BY 1, 2, 3, 4
    HAVING sum(n) <> 0
),
-- Each of the two has an index of its own.
of_all AS (
    DELETE FROM booking_desk.counts AS counted
     USING change
     WHERE (counted.span, counted.bucket) = (change.span, change.bucket)
       AND counted.confirmed IS NOT DISTINCT FROM change.confirmed
       AND counted.course_id IS NULL AND change.course_id IS NULL
    RETURNING counted.*
), of_courses AS (
    DELETE FROM booking_desk.counts AS counted
     USING change
     WHERE (counted.span, counted.bucket, counted.course_id)
           = (change.span, change.bucket, change.course_id)
       AND counted.confirmed IS NOT DISTINCT FROM change.confirmed
    RETURNING counted.*
), put_back AS (
    INSERT INTO booking_desk.counts
    SELECT span, bucket, confirmed, course_id, sum(n)
      FROM (SELECT * FROM change UNION ALL
            SELECT * FROM of_all UNION ALL SELECT * FROM of_courses) AS counted
     GROUP BY 1, 2, 3, 4
    HAVING sum(n) <> 0
)
SELECT count(*) FROM fresh;

-- the fold
COMMIT;;
