-- The school's own tables. A running school has them in its own shape, and its student bot and
-- dashboard keep writing to them, so nothing here changes or drops anything. A new database gets
-- them without foreign keys, because the student bot may write a booking a moment before the person
-- or the course. What the desk adds to these tables is in db/attachment.

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
