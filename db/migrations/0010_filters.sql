-- Filtered lists are read in the order of all others. This third spelling of the same moment keeps
-- them from being read through the indexes of all bookings or of a status, which would throw away
-- thousands of rows where a stream or a course is long past. The plain column is included so that
-- counting reads the index alone.
CREATE INDEX IF NOT EXISTS booking_desk_by_stream
    ON bookings (course_stream,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at);
CREATE INDEX IF NOT EXISTS booking_desk_by_stream_and_status
    ON bookings (course_stream, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at);
CREATE INDEX IF NOT EXISTS booking_desk_by_course
    ON bookings (course_id,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at);
CREATE INDEX IF NOT EXISTS booking_desk_by_course_and_status
    ON bookings (course_id, confirmed,
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at);
-- Codes are read in the index alone as well, but for those that might not fit in it.
CREATE INDEX IF NOT EXISTS booking_desk_by_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at, referral_code, confirmed)
    WHERE length(referral_code) < 64;
CREATE INDEX IF NOT EXISTS booking_desk_by_long_code
    ON bookings (lower(left(referral_code, 64)),
                 (CASE WHEN created_at IS NOT NULL THEN created_at ELSE 'epoch'::timestamptz END), id)
    INCLUDE (created_at)
    WHERE length(referral_code) >= 64;

-- Lists by welcomes begin with the welcomes, in the order of all others. What a welcome tells of its
-- booking follows that, whoever changes it. Few are not delivered; those that arrived are nearly as
-- many as the bookings, and have the same indexes.
CREATE INDEX outbox_listed ON booking_desk.outbox (listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL
      AND state IN ('queued', 'sending', 'unknown', 'waiting', 'failed');
CREATE INDEX outbox_listed_waiting ON booking_desk.outbox (listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'waiting';
CREATE INDEX outbox_arrived ON booking_desk.outbox (listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_status ON booking_desk.outbox (confirmed, listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_stream ON booking_desk.outbox (course_stream, listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_stream_and_status
    ON booking_desk.outbox (course_stream, confirmed, listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_course ON booking_desk.outbox (course_id, listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';
CREATE INDEX outbox_arrived_by_course_and_status
    ON booking_desk.outbox (course_id, confirmed, listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'sent';

CREATE FUNCTION booking_desk.list_elsewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE booking_desk.outbox
       SET listed_at = coalesce(NEW.created_at, 'epoch'), confirmed = NEW.confirmed,
           course_id = NEW.course_id, course_stream = NEW.course_stream
     WHERE booking_id = NEW.id AND listed_at IS NOT NULL;
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_list_elsewhere
    AFTER UPDATE ON bookings
    FOR EACH ROW
    WHEN ((OLD.created_at, OLD.confirmed, OLD.course_id, OLD.course_stream)
          IS DISTINCT FROM (NEW.created_at, NEW.confirmed, NEW.course_id, NEW.course_stream))
    EXECUTE FUNCTION booking_desk.list_elsewhere();
