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

-- A button remembers the revision it was drawn for; any writer's change makes it stale.
ALTER TABLE bookings ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 1;

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
