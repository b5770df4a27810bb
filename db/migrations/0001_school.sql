-- The school's own tables. A school that already runs has them, in its own shape, and its student
-- bot and dashboard go on writing to them: nothing here touches a row or takes anything away.
-- A fresh database gets them without foreign keys: a booking must not be refused because
-- the student bot wrote it a moment before the person or the course.

CREATE TABLE IF NOT EXISTS courses (
    course_id     integer PRIMARY KEY,
    course_name   text NOT NULL,
    course_stream character varying(50)              -- the stream that is being sold now
);

CREATE TABLE IF NOT EXISTS users (
    user_id       bigint PRIMARY KEY,
    username      text,
    first_name    text,
    course_stream character varying(50)
);

CREATE TABLE IF NOT EXISTS bookings (
    id               serial PRIMARY KEY,
    user_id          bigint NOT NULL,
    username         text,
    first_name       text,
    course_id        integer,
    course_stream    character varying(50),
    confirmed        integer DEFAULT 0,              -- 2 confirmed, 1 pending, 0 new, -1 cancelled
    created_at       timestamptz DEFAULT now(),
    referral_code    text,
    discount_percent integer DEFAULT 0
);

ALTER TABLE users ADD COLUMN IF NOT EXISTS course_stream character varying(50);

-- A button remembers the revision it was drawn for; any writer's change makes it stale. A booking's
-- number may be given again, and its revisions then begin beyond those of the old one; see 0004.
ALTER TABLE bookings ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 1;
ALTER TABLE bookings ADD COLUMN IF NOT EXISTS first_revision integer NOT NULL DEFAULT 1;

CREATE FUNCTION booking_desk.raise_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END
$$;

CREATE TRIGGER booking_desk_revision
    BEFORE UPDATE ON bookings
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION booking_desk.raise_revision();

-- Lists are read in the order (created_at, id). The column may be NULL in a school's table,
-- and a row comparison with NULL would lose the row, so it counts as the epoch. The plain
-- column is included because an index-only scan cannot see through the expression, and the
-- expressions differ so that no tab is read through the index of all.
CREATE INDEX IF NOT EXISTS booking_desk_newest
    ON bookings ((coalesce(created_at, 'epoch'::timestamptz)), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_status
    ON bookings (confirmed,
                 (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE created_at END), id)
    INCLUDE (created_at, discount_percent);

-- A student's own bookings. What is asked of all of them is included, for they lie far apart.
CREATE INDEX IF NOT EXISTS booking_desk_of_person ON bookings (user_id, id)
    INCLUDE (course_id, confirmed, discount_percent);

-- Codes are looked up as people write them, in any case.
CREATE INDEX IF NOT EXISTS booking_desk_of_code
    ON bookings (lower(left(referral_code, 64)), id) WHERE referral_code IS NOT NULL;

-- Filtered lists are read in the order of all others. This third spelling of the same moment keeps
-- them from being read through the indexes of all bookings or of a status, which would throw away
-- thousands of rows where a stream or a course is long past. What else can be chosen is included, so
-- that the index alone is read for it, and the plain date, so that it is for counting.
CREATE INDEX IF NOT EXISTS booking_desk_by_stream
    ON bookings (course_stream,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, course_id, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_stream_and_status
    ON bookings (course_stream, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, course_id, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_course
    ON bookings (course_id,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_course_and_status
    ON bookings (course_id, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, discount_percent);
-- Codes are read in the index alone as well, but for those that might not fit in it.
CREATE INDEX IF NOT EXISTS booking_desk_by_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, referral_code, confirmed, course_id, course_stream, discount_percent)
    WHERE length(referral_code) < 64;
CREATE INDEX IF NOT EXISTS booking_desk_by_long_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at)
    WHERE length(referral_code) >= 64;
