-- by status
SELECT confirmed, sum(n)::bigint AS n
 FROM booking_desk.counts
WHERE span = '30 days' AND NOT is_share
GROUP BY confirmed;

-- by status in courses
SELECT confirmed, sum(n)::bigint AS n
     FROM
          (SELECT * FROM booking_desk.counts WHERE is_share AND course_id = ANY(ARRAY(SELECT unnest($1::bigint[])))
            UNION ALL
           SELECT * FROM booking_desk.counts WHERE NOT is_share AND course_id = ANY(ARRAY(SELECT unnest($1::bigint[]))))
AS counts
    WHERE span = '30 days'
    GROUP BY confirmed;

-- before one of all
SELECT coalesce(sum(n), 0)::bigint
FROM (SELECT sum(n) AS n FROM booking_desk.counts
       WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND NOT is_share AND true
       UNION ALL
      SELECT sum(n) FROM booking_desk.counts
       WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz))
         AND NOT is_share AND true
       UNION ALL
      SELECT sum(n) FROM booking_desk.counts
       WHERE span = '10 minutes' AND bucket >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('10 minutes', $1::timestamptz))
         AND NOT is_share AND true
       UNION ALL
      SELECT count(*) FROM bookings
       WHERE coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) >= (SELECT booking_desk.bucket('10 minutes', $1::timestamptz)) AND coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) <= (SELECT $1::timestamptz)
         AND (coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz), id) < ($1, $2::bigint) AND true) AS earlier;

-- before one of a tab
SELECT coalesce(sum(n), 0)::bigint
FROM (SELECT sum(n) AS n FROM booking_desk.counts
       WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND NOT is_share AND confirmed = (SELECT $3::integer)
       UNION ALL
      SELECT sum(n) FROM booking_desk.counts
       WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz))
         AND NOT is_share AND confirmed = (SELECT $3::integer)
       UNION ALL
      SELECT sum(n) FROM booking_desk.counts
       WHERE span = '10 minutes' AND bucket >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('10 minutes', $1::timestamptz))
         AND NOT is_share AND confirmed = (SELECT $3::integer)
       UNION ALL
      SELECT count(*) FROM bookings
       WHERE CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END >= (SELECT booking_desk.bucket('10 minutes', $1::timestamptz)) AND CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END <= (SELECT $1::timestamptz)
         AND (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END, id) < ($1, $2::bigint) AND confirmed = (SELECT $3::integer)) AS earlier;

-- before one in courses
SELECT coalesce(sum(n), 0)::bigint
     FROM (SELECT sum(n) AS n FROM
          (SELECT * FROM booking_desk.counts WHERE is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[])))
            UNION ALL
           SELECT * FROM booking_desk.counts WHERE NOT is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))))
AS counts
            WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND true
            UNION ALL
           SELECT sum(n) FROM
          (SELECT * FROM booking_desk.counts WHERE is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[])))
            UNION ALL
           SELECT * FROM booking_desk.counts WHERE NOT is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))))
AS counts
            WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND true
            UNION ALL
           SELECT of_course.n FROM unnest(ARRAY(SELECT unnest($3::bigint[]))) AS course (id)
            CROSS JOIN LATERAL (
                   SELECT count(*) AS n FROM bookings
                    WHERE course_id = course.id AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END <= (SELECT $1::timestamptz)
                      AND (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END, bookings.id) < ($1, $2::bigint) AND true)
                AS of_course) AS earlier;

-- before one of a tab in courses
SELECT coalesce(sum(n), 0)::bigint
     FROM (SELECT sum(n) AS n FROM
          (SELECT * FROM booking_desk.counts WHERE is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[])))
            UNION ALL
           SELECT * FROM booking_desk.counts WHERE NOT is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))))
AS counts
            WHERE span = '30 days' AND bucket < (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND confirmed = (SELECT $4::integer)
            UNION ALL
           SELECT sum(n) FROM
          (SELECT * FROM booking_desk.counts WHERE is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[])))
            UNION ALL
           SELECT * FROM booking_desk.counts WHERE NOT is_share AND course_id = ANY(ARRAY(SELECT unnest($3::bigint[]))))
AS counts
            WHERE span = '1 day' AND bucket >= (SELECT booking_desk.bucket('30 days', $1::timestamptz)) AND bucket < (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND confirmed = (SELECT $4::integer)
            UNION ALL
           SELECT of_course.n FROM unnest(ARRAY(SELECT unnest($3::bigint[]))) AS course (id)
            CROSS JOIN LATERAL (
                   SELECT count(*) AS n FROM bookings
                    WHERE course_id = course.id AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END >= (SELECT booking_desk.bucket('1 day', $1::timestamptz)) AND CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END <= (SELECT $1::timestamptz)
                      AND (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END, bookings.id) < ($1, $2::bigint) AND confirmed = (SELECT $4::integer))
                AS of_course) AS earlier;

-- the fold
-- The buckets with more than one row for all courses, or with a row not yet split into shares.
WITH crowded AS (
    SELECT span, bucket, confirmed
      FROM booking_desk.counts
     WHERE NOT is_share
     GROUP BY span, bucket, confirmed
    HAVING count(*) > 1 OR bool_or(course_id IS NOT NULL)
),
-- Their rows for all courses, which are taken out.
taken AS (
    DELETE FROM booking_desk.counts AS counted
     USING crowded
     WHERE (counted.span, counted.bucket) = (crowded.span, crowded.bucket)
       AND counted.confirmed IS NOT DISTINCT FROM crowded.confirmed
       AND NOT counted.is_share
    RETURNING counted.*
),
-- The present shares of the courses whose bookings have changed, which are taken out.
shares AS (
    DELETE FROM booking_desk.counts AS counted
     USING (SELECT DISTINCT span, bucket, confirmed, course_id
              FROM taken
             WHERE course_id IS NOT NULL) AS changed
     WHERE (counted.span, counted.bucket, counted.course_id)
           = (changed.span, changed.bucket, changed.course_id)
       AND counted.confirmed IS NOT DISTINCT FROM changed.confirmed
       AND counted.is_share
    RETURNING counted.*
),
-- One row for all courses of each bucket, and one share of each course, which are put in.
put_back AS (
    INSERT INTO booking_desk.counts (span, bucket, confirmed, course_id, n, is_share)
    SELECT span, bucket, confirmed, NULL::integer, sum(n), false
      FROM taken
     GROUP BY span, bucket, confirmed
    HAVING sum(n) <> 0
     UNION ALL
    SELECT span, bucket, confirmed, course_id, sum(n), true
      FROM (SELECT * FROM taken UNION ALL SELECT * FROM shares) AS of_courses
     WHERE course_id IS NOT NULL
     GROUP BY span, bucket, confirmed, course_id
    HAVING sum(n) <> 0
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken) + (SELECT count(*) FROM shares)
     - (SELECT count(*) FROM put_back);
