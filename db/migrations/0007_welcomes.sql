-- The state of the newest welcome of each booking. Lists filtered by welcomes read these rows, in
-- the order of all lists. Each row has a copy of the columns by which its booking is filtered. Few
-- welcomes are undelivered; almost every booking has a delivered one.

CREATE TABLE booking_desk.welcomes (
    booking_id       bigint      PRIMARY KEY,
    revision         integer     NOT NULL,           -- of the booking, when the welcome was owed
    state            text        NOT NULL,           -- see welcome_state()
    listed_at        timestamptz NOT NULL,           -- the moment that lists order by
    confirmed        integer,
    course_id        integer,
    course_stream    text,
    discount_percent integer,
    code             text
);
CREATE INDEX welcomes_undelivered
    ON booking_desk.welcomes (listed_at, booking_id)
    INCLUDE (confirmed, course_id, course_stream, discount_percent, code)
    WHERE state IN ('undelivered', 'waiting');
CREATE INDEX welcomes_waiting
    ON booking_desk.welcomes (listed_at, booking_id)
    INCLUDE (confirmed, course_id, course_stream, discount_percent, code)
    WHERE state = 'waiting';
CREATE INDEX welcomes_delivered
    ON booking_desk.welcomes (listed_at, booking_id)
    INCLUDE (discount_percent)
    WHERE state = 'delivered';
CREATE INDEX welcomes_delivered_by_status
    ON booking_desk.welcomes (confirmed, listed_at, booking_id)
    INCLUDE (discount_percent)
    WHERE state = 'delivered';
CREATE INDEX welcomes_delivered_by_stream
    ON booking_desk.welcomes (course_stream, listed_at, booking_id)
    INCLUDE (confirmed, course_id, discount_percent)
    WHERE state = 'delivered';
CREATE INDEX welcomes_delivered_by_course
    ON booking_desk.welcomes (course_id, listed_at, booking_id)
    INCLUDE (confirmed, discount_percent)
    WHERE state = 'delivered';
CREATE INDEX welcomes_delivered_by_code
    ON booking_desk.welcomes (code, listed_at, booking_id)
    INCLUDE (confirmed, course_id, course_stream, discount_percent)
    WHERE state = 'delivered' AND code IS NOT NULL;

-- Lists tell apart fewer states than messages have, so most changes of a message write nothing.
CREATE FUNCTION booking_desk.welcome_state(state text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE state WHEN 'sent' THEN 'delivered'
                  WHEN 'waiting' THEN 'waiting'
                  WHEN 'withdrawn' THEN 'withdrawn'
                  ELSE 'undelivered' END;

-- A welcome is owed while its booking is locked, so the booking cannot change after it is copied.
CREATE FUNCTION booking_desk.list_welcome() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO booking_desk.welcomes AS listed
           (booking_id, revision, state, listed_at,
            confirmed, course_id, course_stream, discount_percent, code)
    SELECT id, NEW.revision, booking_desk.welcome_state(NEW.state),
           coalesce(booking_desk.moment(created_at), 'epoch'), booking_desk.whole(confirmed),
           booking_desk.whole(course_id), course_stream, booking_desk.percent(discount_percent),
           lower(left(referral_code, 64))
      FROM bookings
     WHERE id = NEW.booking_id AND first_revision <= NEW.revision
    ON CONFLICT (booking_id) DO UPDATE
       SET revision = excluded.revision, state = excluded.state
     WHERE listed.revision <= excluded.revision;
    RETURN NULL;
END
$$;

CREATE TRIGGER list_welcome
    AFTER INSERT ON booking_desk.outbox
    FOR EACH ROW WHEN (NEW.kind = 'welcome')
    EXECUTE FUNCTION booking_desk.list_welcome();

CREATE FUNCTION booking_desk.move_welcome() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE booking_desk.welcomes
       SET state = booking_desk.welcome_state(NEW.state)
     WHERE booking_id = NEW.booking_id AND revision = NEW.revision
       -- What becomes of a welcome to whom the booking was before says nothing of it.
       AND NOT EXISTS (SELECT FROM bookings
                        WHERE id = NEW.booking_id
                          AND booking_desk.person_id(user_id) IS DISTINCT FROM NEW.chat_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER move_welcome
    AFTER UPDATE OF state ON booking_desk.outbox
    FOR EACH ROW
    -- This is true if welcome_state() changes; PostgreSQL would plan a call in each statement.
    WHEN (NEW.kind = 'welcome' AND OLD.state <> NEW.state
          AND (OLD.state IN ('sent', 'waiting', 'withdrawn')
               OR NEW.state IN ('sent', 'waiting', 'withdrawn')))
    EXECUTE FUNCTION booking_desk.move_welcome();
