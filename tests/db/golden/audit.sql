-- a page
SELECT
   id, booking_id, revision, action, actor_id, actor_name, at, clock_timestamp() - at AS age,
   confirmed_before, confirmed_after, course_before, course_after, stream_before, stream_after,
   user_before, user_id, user_stream_before, remark,
   (SELECT name FROM booking_desk.courses
     WHERE course_id = course_before) AS course_name_before,
   (SELECT name FROM booking_desk.streams
     WHERE course_id = course_before AND code = stream_before) AS stream_name_before
   ,
   (SELECT name FROM booking_desk.courses
     WHERE course_id = course_after) AS course_name_after,
   (SELECT name FROM booking_desk.streams
     WHERE course_id = course_after AND code = stream_after) AS stream_name_after
FROM booking_desk.log  WHERE true ORDER BY id DESC LIMIT $1;

-- a page of all filters
SELECT
   id, booking_id, revision, action, actor_id, actor_name, at, clock_timestamp() - at AS age,
   confirmed_before, confirmed_after, course_before, course_after, stream_before, stream_after,
   user_before, user_id, user_stream_before, remark,
   (SELECT name FROM booking_desk.courses
     WHERE course_id = course_before) AS course_name_before,
   (SELECT name FROM booking_desk.streams
     WHERE course_id = course_before AND code = stream_before) AS stream_name_before
   ,
   (SELECT name FROM booking_desk.courses
     WHERE course_id = course_after) AS course_name_after,
   (SELECT name FROM booking_desk.streams
     WHERE course_id = course_after AND code = stream_after) AS stream_name_after
FROM booking_desk.log  WHERE actor_id = $2 AND action = $3 AND booking_id = $4 AND
   id >= coalesce(least((SELECT id FROM booking_desk.audit
                          WHERE at >= now() - $5::interval ORDER BY at, id LIMIT 1),
                        (SELECT id FROM booking_desk.external_changes
                          WHERE at >= now() - $5::interval ORDER BY id LIMIT 1)),
                  9223372036854775807)
AND id < $6 ORDER BY id DESC LIMIT $1;

-- a page of a person
SELECT
   id, booking_id, revision, action, actor_id, actor_name, at, clock_timestamp() - at AS age,
   confirmed_before, confirmed_after, course_before, course_after, stream_before, stream_after,
   user_before, user_id, user_stream_before, remark,
   (SELECT name FROM booking_desk.courses
     WHERE course_id = course_before) AS course_name_before,
   (SELECT name FROM booking_desk.streams
     WHERE course_id = course_before AND code = stream_before) AS stream_name_before
   ,
   (SELECT name FROM booking_desk.courses
     WHERE course_id = course_after) AS course_name_after,
   (SELECT name FROM booking_desk.streams
     WHERE course_id = course_after AND code = stream_after) AS stream_name_after
FROM booking_desk.log  WHERE
   user_id = (SELECT booking_desk.person_id(bookings.user_id) FROM bookings
               WHERE bookings.id = $2::bigint)
   AND NOT EXISTS (SELECT FROM booking_desk.audit AS gone
                    WHERE gone.booking_id = log.booking_id AND gone.action = 'delete'
                      AND gone.revision >= log.revision)
AND id > $3 ORDER BY id ASC LIMIT $1;

-- how many
SELECT count(*)
             FROM (SELECT FROM booking_desk.log WHERE actor_id = $2 AND action = $3 AND booking_id = $4 AND
   id >= coalesce(least((SELECT id FROM booking_desk.audit
                          WHERE at >= now() - $5::interval ORDER BY at, id LIMIT 1),
                        (SELECT id FROM booking_desk.external_changes
                          WHERE at >= now() - $5::interval ORDER BY id LIMIT 1)),
                  9223372036854775807)
AND id > $6 LIMIT $1) AS counted;
