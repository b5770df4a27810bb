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

-- A school may do without these. The desk works without a table of users that it may not alter.
ALTER TABLE bookings
    ADD COLUMN IF NOT EXISTS username text,
    ADD COLUMN IF NOT EXISTS first_name text,
    ADD COLUMN IF NOT EXISTS course_stream character varying(50),
    ADD COLUMN IF NOT EXISTS referral_code text,
    ADD COLUMN IF NOT EXISTS discount_percent integer DEFAULT 0;
DO $$
BEGIN
    ALTER TABLE users ADD COLUMN IF NOT EXISTS course_stream character varying(50);
EXCEPTION WHEN insufficient_privilege OR wrong_object_type THEN
    RETURN;
END
$$;

-- A button names the revision that it was drawn for; a change by any program makes it stale. After
-- a deletion a new booking may get the same number. Its revisions then begin above those of the old
-- booking; see 0004.
ALTER TABLE bookings ADD COLUMN IF NOT EXISTS revision integer NOT NULL DEFAULT 1;
ALTER TABLE bookings ADD COLUMN IF NOT EXISTS first_revision integer NOT NULL DEFAULT 1;

-- The operator compares columns of every type, such as json. Generated columns are not computed yet;
-- the argument has a NULL for each.
CREATE FUNCTION booking_desk.raise_revision() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_NARGS > 0 THEN
        OLD := jsonb_populate_record(OLD, TG_ARGV[0]::jsonb);
    END IF;
    IF OLD *<> NEW THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
END
$$;

DO $do$
DECLARE
    generated text := (SELECT quote_literal(json_object_agg(attname, NULL)) FROM pg_attribute
                        WHERE attrelid = 'bookings'::regclass AND attgenerated <> '');
BEGIN
    EXECUTE format('CREATE TRIGGER booking_desk_revision
                    BEFORE UPDATE ON bookings
                    FOR EACH ROW EXECUTE FUNCTION booking_desk.raise_revision(%s)', generated);
END
$do$;

-- Schools have these columns with other types. These functions read the types that can be read, and
-- a value without a meaning here as NULL. They are the identity for the usual types, and PostgreSQL
-- inlines them, so an index of the plain column serves. Arguments select the function when a
-- statement is planned, so a type may change later.

-- A date without a zone is meant in the school's zone, which is fixed at the first start.
DO $do$
DECLARE
    zone text := coalesce(nullif(current_setting('booking_desk.zone', true), ''), 'UTC');
BEGIN
    EXECUTE format('CREATE FUNCTION booking_desk.moment(timestamp) RETURNS timestamptz
                    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $1 AT TIME ZONE %L', zone);
    EXECUTE format('CREATE FUNCTION booking_desk.moment(date) RETURNS timestamptz
                    LANGUAGE sql IMMUTABLE PARALLEL SAFE
                    RETURN $1::timestamp AT TIME ZONE %L', zone);
END
$do$;
CREATE FUNCTION booking_desk.moment(timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $1;

CREATE FUNCTION booking_desk.whole(integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $1;
CREATE FUNCTION booking_desk.whole(double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 = trunc($1) AND $1 BETWEEN -2147483648 AND 2147483647 THEN $1::integer END;

CREATE FUNCTION booking_desk.percent(integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $1;
CREATE FUNCTION booking_desk.percent(double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs($1) < 1e9 THEN $1::integer END;

-- Telegram's number of a person.
CREATE FUNCTION booking_desk.person_id(integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $1;
CREATE FUNCTION booking_desk.person_id(bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN $1;
CREATE FUNCTION booking_desk.person_id(numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 = trunc($1) AND abs($1) < 1e18 THEN $1::bigint END;
CREATE FUNCTION booking_desk.person_id(text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 ~ '^ *[0-9]{1,18} *$' THEN $1::bigint END;

-- Lists are read in the order (created_at, id). The column may be NULL in a school's table, and a
-- row comparison with NULL loses the row, so NULL counts as the epoch. The plain column is
-- included, because an index-only scan does not match the expression. The expressions differ, so
-- that PostgreSQL does not read a tab through the index of all bookings; see db/lists/order.py.
CREATE INDEX IF NOT EXISTS booking_desk_newest
    ON bookings ((coalesce(booking_desk.moment(created_at), 'epoch'::timestamptz)), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_status
    ON bookings (confirmed,
                 (CASE WHEN created_at IS NULL THEN 'epoch'::timestamptz
                       ELSE booking_desk.moment(created_at) END), id)
    INCLUDE (created_at, discount_percent);

-- A student's own bookings. The included columns save reading rows that lie on many pages.
CREATE INDEX IF NOT EXISTS booking_desk_of_person ON bookings (user_id, id)
    INCLUDE (course_id, confirmed, discount_percent);
DO $$
BEGIN
    IF pg_typeof((SELECT user_id FROM bookings LIMIT 1)) NOT IN ('integer', 'bigint') THEN
        CREATE INDEX booking_desk_of_person_id ON bookings (booking_desk.person_id(user_id), id);
    END IF;
END
$$;

-- Codes are found in any case.
CREATE INDEX IF NOT EXISTS booking_desk_of_code
    ON bookings (lower(left(referral_code, 64)), id) WHERE referral_code IS NOT NULL;

-- Filtered lists have the same order as all lists. With the third spelling of the moment PostgreSQL
-- does not read them through the indexes of all bookings or of a status; see db/lists/order.py. The
-- columns of the other conditions are included, so that only the index is read for them. The plain
-- date is included, so that counting reads only the index.
CREATE INDEX IF NOT EXISTS booking_desk_by_stream
    ON bookings (course_stream,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, course_id, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_stream_and_status
    ON bookings (course_stream, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, course_id, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_course
    ON bookings (course_id,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, discount_percent);
CREATE INDEX IF NOT EXISTS booking_desk_by_course_and_status
    ON bookings (course_id, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, discount_percent);
-- Codes also have an index-only scan, except long ones, which may not fit into an index.
CREATE INDEX IF NOT EXISTS booking_desk_by_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, referral_code, confirmed, course_id, course_stream, discount_percent)
    WHERE length(referral_code) < 64;
CREATE INDEX IF NOT EXISTS booking_desk_by_long_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN booking_desk.moment(created_at)
                       ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at)
    WHERE length(referral_code) >= 64;
