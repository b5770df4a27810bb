-- nothing chosen
WITH booking AS (SELECT * FROM (SELECT id, listed FROM (
    SELECT *, coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) AS listed
      FROM bookings
     WHERE true
     ORDER BY coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) DESC, id DESC
     LIMIT 8
) AS found) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- a stream
WITH booking AS (SELECT * FROM (SELECT id, listed FROM (
    SELECT *
      FROM ((
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 0 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 8
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 8
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 2 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 8
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = -1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 8
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE (confirmed IN (-1, 0, 1, 2)) IS NOT TRUE AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 8
)) AS found_in
     ORDER BY listed DESC, id DESC
     LIMIT 8
) AS found) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- a stream and a status behind one
WITH booking AS (SELECT * FROM (SELECT id, listed FROM (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = (SELECT $1::bigint) AND course_stream = (SELECT $2::text) AND (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END, id) > ((SELECT $3::timestamptz), (SELECT $4::bigint))
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END ASC, id ASC
     LIMIT 8
) AS found) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed ASC, booking.id ASC;

-- a course, its stream and a discount
WITH booking AS (SELECT * FROM (
                SELECT id, listed FROM (
    SELECT *
      FROM ((
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 0 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 2 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = -1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE (confirmed IN (-1, 0, 1, 2)) IS NOT TRUE AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
)) AS found_in
     ORDER BY listed DESC, id DESC
     LIMIT 1000
) AS found
                 WHERE course_id = (SELECT $2::bigint) AND discount_percent > 0 ORDER BY listed DESC, id DESC LIMIT 8
            ) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- a course, its stream and a discount
SELECT id FROM (
    SELECT *
      FROM ((
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 0 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 2 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = -1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE (confirmed IN (-1, 0, 1, 2)) IS NOT TRUE AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
)) AS found_in
     ORDER BY listed DESC, id DESC
     LIMIT 1000
) AS looked_at
                 ORDER BY listed DESC, id DESC OFFSET 999;

-- a code before one
WITH booking AS (SELECT * FROM (SELECT id, listed FROM (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE length(referral_code) < 64 AND lower(left(referral_code, 64)) = lower(left((SELECT $1::text), 64)) AND (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END, id) > ((SELECT $2::timestamptz), (SELECT $3::bigint))
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END ASC, id ASC
     LIMIT 8
) AS found) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- a long code
WITH booking AS (SELECT * FROM (SELECT id, listed FROM (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE length(referral_code) >= 64 AND lower(left(referral_code, 64)) = lower(left((SELECT $1::text), 64))
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 8
) AS found) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- undelivered
WITH booking AS (SELECT * FROM (
                SELECT id, listed FROM (
    SELECT *, listed_at AS listed
      FROM (SELECT booking_id AS id, state, listed_at,
                   confirmed, course_id, course_stream, discount_percent, code
              FROM booking_desk.welcomes) AS welcome
     WHERE state IN ('undelivered', 'waiting')
     ORDER BY listed_at DESC, id DESC
     LIMIT 1000
) AS found
                 WHERE course_id = (SELECT $1::bigint) ORDER BY listed DESC, id DESC LIMIT 8
            ) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- undelivered
SELECT id FROM (
    SELECT *, listed_at AS listed
      FROM (SELECT booking_id AS id, state, listed_at,
                   confirmed, course_id, course_stream, discount_percent, code
              FROM booking_desk.welcomes) AS welcome
     WHERE state IN ('undelivered', 'waiting')
     ORDER BY listed_at DESC, id DESC
     LIMIT 1000
) AS looked_at
                 ORDER BY listed DESC, id DESC OFFSET 999;

-- delivered, of a stream
WITH booking AS (SELECT * FROM (SELECT id, listed FROM (
    SELECT *, listed_at AS listed
      FROM (SELECT booking_id AS id, state, listed_at,
                   confirmed, course_id, course_stream, discount_percent, code
              FROM booking_desk.welcomes) AS welcome
     WHERE course_stream = (SELECT $1::text) AND state = 'delivered'
     ORDER BY listed_at DESC, id DESC
     LIMIT 8
) AS found) AS fitting JOIN bookings USING (id))
    SELECT booking.id::bigint, booking_desk.person_id(booking.user_id)::bigint AS user_id,
           coalesce(CASE WHEN person.reachability_at > booking_desk.moment(booking.created_at)
                         THEN person.username END,
                    booking.username::text) AS username,
           booking.first_name::text,
           booking_desk.whole(booking.course_id) AS course_id, course.name AS course_name,
           booking.course_stream::text, stream.name AS stream_name,
           booking_desk.whole(booking.confirmed) AS confirmed,
           CASE WHEN booking_desk.moment(booking.created_at)
                     BETWEEN '0001-01-02Z' AND '9999-12-30Z'
                THEN booking_desk.moment(booking.created_at) END AS created_at,
           least(greatest(coalesce(booking_desk.moment(booking.created_at), 'epoch'),
                          '0001-01-02Z'), '9999-12-30Z') AS listed_at,
           booking.referral_code::text,
           booking_desk.percent(booking.discount_percent) AS discount_percent,
           booking.revision, booking.first_revision, person.reachability
      FROM booking
      LEFT JOIN booking_desk.courses AS course ON course.course_id = booking.course_id
      LEFT JOIN booking_desk.streams AS stream ON stream.course_id = booking.course_id
                                              AND stream.code = booking.course_stream
      LEFT JOIN booking_desk.people AS person
             ON person.user_id = booking_desk.person_id(booking.user_id)
 ORDER BY booking.listed DESC, booking.id DESC;

-- how many of a stream
SELECT count(*) FROM (
    SELECT *
      FROM ((
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 0 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = 2 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE confirmed = -1 AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
) UNION ALL (
    SELECT *, CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END AS listed
      FROM bookings
     WHERE (confirmed IN (-1, 0, 1, 2)) IS NOT TRUE AND course_stream = (SELECT $1::text)
     ORDER BY CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at) ELSE 'epoch'::timestamptz END DESC, id DESC
     LIMIT 1000
)) AS found_in
     ORDER BY listed DESC, id DESC
     LIMIT 1000
) AS counted;

-- how many with a discount
SELECT count(*) FILTER (WHERE coalesce(discount_percent, 0) <= 0) AS n,
                   count(*) = 1000 AS more
              FROM (
    SELECT *, coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) AS listed
      FROM bookings
     WHERE (coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz), id) < ((SELECT $1::timestamptz), (SELECT $2::bigint))
     ORDER BY coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) DESC, id DESC
     LIMIT 1000
) AS found;
