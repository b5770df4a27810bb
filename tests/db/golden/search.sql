-- the first page
WITH hit AS MATERIALIZED (SELECT DISTINCT id::bigint FROM (SELECT id FROM bookings WHERE id = ANY(ARRAY(SELECT unnest($1::bigint[]))) AND true UNION ALL
    SELECT theirs.id
      FROM unnest(ARRAY(SELECT unnest($2::bigint[]))) AS person (user_id)
     CROSS JOIN LATERAL (SELECT id FROM bookings
                          WHERE booking_desk.person_id(bookings.user_id) = person.user_id
                            AND true
                          ORDER BY id DESC
                          LIMIT 1000) AS theirs
 UNION ALL
    SELECT theirs.id
      FROM (SELECT DISTINCT lower(left(code, 64)) AS code
              FROM unnest($3::text[]) AS code) AS wanted
     CROSS JOIN LATERAL (SELECT id FROM bookings
                          WHERE lower(left(referral_code, 64)) = wanted.code
                            AND referral_code IS NOT NULL AND true
                          ORDER BY id DESC
                          LIMIT (SELECT 1000)) AS theirs
) AS hits)
        SELECT (SELECT count(*) FROM (SELECT FROM hit LIMIT 1000) AS counted) AS total,
               ARRAY(SELECT id FROM hit ORDER BY id DESC LIMIT 8) AS ids;

-- a page
SELECT DISTINCT id::bigint FROM (SELECT id FROM bookings WHERE id = ANY(ARRAY(SELECT unnest($2::bigint[]))) AND id < $1::bigint UNION ALL
    SELECT theirs.id
      FROM unnest(ARRAY(SELECT unnest($3::bigint[]))) AS person (user_id)
     CROSS JOIN LATERAL (SELECT id FROM bookings
                          WHERE booking_desk.person_id(bookings.user_id) = person.user_id
                            AND id < $1::bigint
                          ORDER BY id DESC
                          LIMIT 8) AS theirs
 UNION ALL
    SELECT theirs.id
      FROM (SELECT DISTINCT lower(left(code, 64)) AS code
              FROM unnest($4::text[]) AS code) AS wanted
     CROSS JOIN LATERAL (SELECT id FROM bookings
                          WHERE lower(left(referral_code, 64)) = wanted.code
                            AND referral_code IS NOT NULL AND id < $1::bigint
                          ORDER BY id DESC
                          LIMIT (SELECT 8)) AS theirs
) AS hits ORDER BY id DESC LIMIT 8;

-- how many before
SELECT count(*) FROM (SELECT DISTINCT id::bigint FROM (SELECT id FROM bookings WHERE id = ANY(ARRAY(SELECT unnest($2::bigint[]))) AND id > $1::bigint UNION ALL
    SELECT theirs.id
      FROM unnest(ARRAY(SELECT unnest($3::bigint[]))) AS person (user_id)
     CROSS JOIN LATERAL (SELECT id FROM bookings
                          WHERE booking_desk.person_id(bookings.user_id) = person.user_id
                            AND id > $1::bigint
                          ORDER BY id ASC
                          LIMIT 1000) AS theirs
 UNION ALL
    SELECT theirs.id
      FROM (SELECT DISTINCT lower(left(code, 64)) AS code
              FROM unnest($4::text[]) AS code) AS wanted
     CROSS JOIN LATERAL (SELECT id FROM bookings
                          WHERE lower(left(referral_code, 64)) = wanted.code
                            AND referral_code IS NOT NULL AND id > $1::bigint
                          ORDER BY id ASC
                          LIMIT (SELECT 1000)) AS theirs
) AS hits LIMIT 1000) AS counted;

-- nothing
WITH hit AS MATERIALIZED (SELECT DISTINCT id::bigint FROM (SELECT id FROM bookings WHERE false) AS hits)
SELECT (SELECT count(*) FROM (SELECT FROM hit LIMIT 1000) AS counted) AS total,
       ARRAY(SELECT id FROM hit ORDER BY id DESC LIMIT 8) AS ids;
