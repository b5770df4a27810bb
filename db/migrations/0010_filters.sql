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

-- Lists by the welcomes that are not delivered begin with the welcomes, in the order of all others.
-- `listed_at` follows its booking, whoever changes that, until the message is sent, which is for
-- ever: from then on it only says that the booking is still there.
CREATE INDEX outbox_listed ON booking_desk.outbox (listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL
      AND state IN ('queued', 'sending', 'unknown', 'waiting', 'failed');
CREATE INDEX outbox_listed_waiting ON booking_desk.outbox (listed_at, booking_id)
    WHERE kind = 'welcome' AND listed_at IS NOT NULL AND state = 'waiting';

CREATE FUNCTION booking_desk.list_elsewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE booking_desk.outbox
       SET listed_at = coalesce(NEW.created_at, 'epoch')
     WHERE booking_id = NEW.id AND listed_at IS NOT NULL AND state <> 'sent';
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_list_elsewhere
    AFTER UPDATE ON bookings
    FOR EACH ROW WHEN (OLD.created_at IS DISTINCT FROM NEW.created_at)
    EXECUTE FUNCTION booking_desk.list_elsewhere();
