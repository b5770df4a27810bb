-- A booking's number may be given again: after a DELETE, or TRUNCATE ... RESTART IDENTITY. The new
-- booking's revisions begin beyond those of the old one, so nothing that is kept by number and
-- revision, here or on a button, is ever taken for the other's.

ALTER TABLE bookings ADD COLUMN IF NOT EXISTS first_revision integer NOT NULL DEFAULT 1;

CREATE FUNCTION booking_desk.begin_revisions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    last integer := (SELECT max(revision) FROM booking_desk.audit WHERE booking_id = NEW.id);
BEGIN
    IF NEW.revision <= last THEN
        NEW.revision := last + 1;
        NEW.first_revision := last + 1;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER booking_desk_begin_revisions
    BEFORE INSERT ON bookings
    FOR EACH ROW EXECUTE FUNCTION booking_desk.begin_revisions();

-- The last entry of a booking's audit says what it was when it went.
ALTER TABLE booking_desk.audit
    DROP CONSTRAINT audit_action_check,
    ADD CONSTRAINT audit_action_check
        CHECK (action IN ('confirm', 'cancel', 'move', 'undo', 'outside', 'delete'));

CREATE INDEX audit_deletions ON booking_desk.audit (booking_id, revision) WHERE action = 'delete';

CREATE FUNCTION booking_desk.record_deletion() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- TRUNCATE has no table of old rows; before it, they are all still there.
    EXECUTE format($f$
        INSERT INTO booking_desk.audit
               (booking_id, revision, user_id, action, confirmed_before, confirmed_after,
                course_before, course_after, stream_before, stream_after, followed_at)
        SELECT id, revision + 1, user_id, 'delete', confirmed, confirmed,
               course_id, course_id, course_stream, course_stream, now()
          FROM %1$s
        ON CONFLICT DO NOTHING;
        UPDATE booking_desk.outbox SET listed_at = NULL
         WHERE booking_id IN (SELECT id FROM %1$s);
    $f$, CASE TG_OP WHEN 'DELETE' THEN 'gone' ELSE TG_RELID::regclass::text END);
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_record_deletion
    AFTER DELETE ON bookings REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.record_deletion();
CREATE TRIGGER booking_desk_record_truncation
    BEFORE TRUNCATE ON bookings
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.record_deletion();
