-- Names of courses and streams, and which streams are open. The first booking of a course or stream
-- inserts its row, whichever program writes the booking. A name is NULL until it is known.

CREATE TABLE booking_desk.courses (
    course_id integer PRIMARY KEY,
    name      text
);

CREATE TABLE booking_desk.streams (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    course_id integer NOT NULL,
    code      text    NOT NULL,
    name      text,
    is_open   boolean NOT NULL DEFAULT true,         -- an admin may move a booking into it
    UNIQUE (course_id, code)
);

CREATE FUNCTION booking_desk.learn_streams() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO booking_desk.courses (course_id)
    SELECT DISTINCT booking_desk.whole(written.course_id)
      FROM written
     WHERE booking_desk.whole(written.course_id) IS NOT NULL
       AND NOT EXISTS (SELECT FROM booking_desk.courses AS known
                        WHERE known.course_id = written.course_id)
    ON CONFLICT DO NOTHING;

    INSERT INTO booking_desk.streams (course_id, code)
    SELECT DISTINCT booking_desk.whole(written.course_id), written.course_stream::text
      FROM written
     WHERE booking_desk.whole(written.course_id) IS NOT NULL
       AND written.course_stream IS NOT NULL
       AND NOT EXISTS (SELECT FROM booking_desk.streams AS known
                        WHERE known.course_id = written.course_id
                          AND known.code = written.course_stream)
     ORDER BY 1, 2
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_learn_streams_on_insert
    AFTER INSERT ON bookings REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.learn_streams();
CREATE TRIGGER booking_desk_learn_streams_on_update
    AFTER UPDATE ON bookings REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.learn_streams();

INSERT INTO booking_desk.courses (course_id)
SELECT DISTINCT booking_desk.whole(course_id) FROM bookings
 WHERE booking_desk.whole(course_id) IS NOT NULL;

INSERT INTO booking_desk.streams (course_id, code)
SELECT booking_desk.whole(course_id), course_stream::text
  FROM bookings
 WHERE booking_desk.whole(course_id) IS NOT NULL AND course_stream IS NOT NULL
 GROUP BY 1, 2
 ORDER BY min(created_at), 1, 2;
