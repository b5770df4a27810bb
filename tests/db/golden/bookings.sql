-- the first page of all
WITH booking AS (
        SELECT *
          FROM bookings
         WHERE $1::timestamptz IS NULL AND $2::bigint IS NULL
         ORDER BY coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) DESC, id DESC
         LIMIT 8
    )
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
     ORDER BY coalesce(booking_desk.moment(booking.created_at), 'epoch') DESC,
              booking.id DESC;

-- the last page of all
WITH booking AS (
        SELECT *
          FROM bookings
         WHERE $1::timestamptz IS NULL AND $2::bigint IS NULL
         ORDER BY coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz) ASC, id ASC
         LIMIT 8
    )
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
     ORDER BY coalesce(booking_desk.moment(booking.created_at), 'epoch') DESC,
              booking.id DESC;

-- a page of a tab
WITH booking AS (
        SELECT *
          FROM bookings
         WHERE (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END, id) > ($1::timestamptz, $2::bigint) AND confirmed = $3::integer
         ORDER BY CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END ASC, id ASC
         LIMIT 8
    )
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
     ORDER BY coalesce(booking_desk.moment(booking.created_at), 'epoch') ASC,
              booking.id ASC;

-- a page before of a tab
WITH booking AS (
        SELECT *
          FROM bookings
         WHERE (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END, id) < ($1::timestamptz, $2::bigint) AND confirmed = $3::integer
         ORDER BY CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END DESC, id DESC
         LIMIT 8
    )
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
     ORDER BY coalesce(booking_desk.moment(booking.created_at), 'epoch') ASC,
              booking.id ASC;

-- a page of the new
WITH booking AS (
        SELECT *
          FROM bookings
         WHERE (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END, id) < ($1::timestamptz, $2::bigint) AND confirmed = $3::integer
         ORDER BY CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE booking_desk.moment(created_at) END DESC, id DESC
         LIMIT 8
    )
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
     ORDER BY coalesce(booking_desk.moment(booking.created_at), 'epoch') DESC,
              booking.id DESC;

-- by number
WITH booking AS (SELECT * FROM bookings WHERE id = $1::bigint)
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
         ON person.user_id = booking_desk.person_id(booking.user_id);
