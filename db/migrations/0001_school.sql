-- The school's own tables. A running school has them in its own shape, and its student bot and
-- dashboard keep writing to them, so nothing here changes a row or drops anything. A new database
-- gets them without foreign keys, because the student bot may write a booking a moment before the
-- person or the course.

CREATE TABLE IF NOT EXISTS courses (
    course_id     integer PRIMARY KEY,
    course_name   text NOT NULL,
    course_stream character varying(50)              -- the stream that is sold now
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

-- A button names the revision that it was drawn for; a change by any program makes it stale. After
-- a deletion a new booking may get the same number. Its revisions then begin above those of the old
-- booking; see 0004.
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

-- Lists are read in the order (created_at, id). The column may be NULL in a school's table, and a
-- row comparison with NULL loses the row, so NULL counts as the epoch. The plain column is
-- included, because an index-only scan does not match the expression. The expressions differ, so
-- that PostgreSQL does not read a tab through the index of all bookings; see db/lists/order.py.
CREATE INDEX IF NOT EXISTS booking_desk_newest
    ON bookings ((coalesce(created_at, 'epoch'::timestamptz)), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_status
    ON bookings (confirmed,
                 (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz ELSE created_at END), id)
    INCLUDE (created_at, discount_percent);

-- A student's own bookings. The included columns save reading rows that lie on many pages.
CREATE INDEX IF NOT EXISTS booking_desk_of_person ON bookings (user_id, id)
    INCLUDE (course_id, confirmed, discount_percent);

-- Codes are found in any case.
CREATE INDEX IF NOT EXISTS booking_desk_of_code
    ON bookings (lower(left(referral_code, 64)), id) WHERE referral_code IS NOT NULL;

-- Filtered lists have the same order as all lists. With the third spelling of the moment PostgreSQL
-- does not read them through the indexes of all bookings or of a status; see db/lists/order.py. The
-- columns of the other conditions are included, so that only the index is read for them. The plain
-- date is included, so that counting reads only the index.
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
-- Codes also have an index-only scan, except long ones, which may not fit into an index.
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
