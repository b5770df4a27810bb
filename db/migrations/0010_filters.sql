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

-- Lists by welcomes begin with the welcomes, in the order of all others; each tells what its booking
-- is chosen by. Few are not delivered; those that arrived are nearly as many as the bookings.
ALTER TABLE booking_desk.outbox
    ADD COLUMN listed_at        timestamptz,         -- the place in lists; NULL: the booking is gone
    ADD COLUMN confirmed        integer,
    ADD COLUMN course_id        integer,
    ADD COLUMN course_stream    text,
    ADD COLUMN discount_percent integer,
    ADD COLUMN code             text;
CREATE INDEX outbox_listed
    ON booking_desk.outbox (listed_at, booking_id)
    INCLUDE (confirmed, course_id, course_stream, discount_percent, code)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL
      AND state IN ('queued', 'sending', 'unknown', 'waiting', 'failed');
CREATE INDEX outbox_listed_waiting
    ON booking_desk.outbox (listed_at, booking_id)
    INCLUDE (confirmed, course_id, course_stream, discount_percent, code)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'waiting';
CREATE INDEX outbox_arrived
    ON booking_desk.outbox (listed_at, booking_id)
    INCLUDE (discount_percent)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_status
    ON booking_desk.outbox (confirmed, listed_at, booking_id)
    INCLUDE (discount_percent)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_stream
    ON booking_desk.outbox (course_stream, listed_at, booking_id)
    INCLUDE (confirmed, course_id, discount_percent)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_course
    ON booking_desk.outbox (course_id, listed_at, booking_id)
    INCLUDE (confirmed, discount_percent)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_code
    ON booking_desk.outbox (code, listed_at, booking_id)
    INCLUDE (confirmed, course_id, course_stream, discount_percent)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent' AND code IS NOT NULL;

CREATE FUNCTION booking_desk.list_welcome() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(created_at, 'epoch'), confirmed, course_id, course_stream, discount_percent,
           lower(left(referral_code, 64))
      INTO NEW.listed_at, NEW.confirmed, NEW.course_id, NEW.course_stream, NEW.discount_percent,
           NEW.code
      FROM bookings
     WHERE id = NEW.booking_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER list_welcome
    BEFORE INSERT ON booking_desk.outbox
    FOR EACH ROW WHEN (NEW.kind = 'welcome')
    EXECUTE FUNCTION booking_desk.list_welcome();

CREATE FUNCTION booking_desk.list_elsewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE booking_desk.outbox
       SET listed_at = coalesce(NEW.created_at, 'epoch'), confirmed = NEW.confirmed,
           course_id = NEW.course_id, course_stream = NEW.course_stream,
           discount_percent = NEW.discount_percent, code = lower(left(NEW.referral_code, 64))
     WHERE booking_id = NEW.id AND listed_at IS NOT NULL;
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_list_elsewhere
    AFTER UPDATE ON bookings
    FOR EACH ROW
    WHEN ((OLD.created_at, OLD.confirmed, OLD.course_id, OLD.course_stream,
           OLD.discount_percent, OLD.referral_code)
          IS DISTINCT FROM
          (NEW.created_at, NEW.confirmed, NEW.course_id, NEW.course_stream,
           NEW.discount_percent, NEW.referral_code))
    EXECUTE FUNCTION booking_desk.list_elsewhere();
