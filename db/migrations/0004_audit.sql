-- Every change of a booking's placement, status or person: one row a revision. The desk writes the
-- rows of its own decisions, with the actor. The trigger writes the rows of other programs' changes,
-- and marks them for the desk to follow up (`followed_at IS NULL`).

CREATE TABLE booking_desk.audit (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id       bigint      NOT NULL,
    revision         integer     NOT NULL,           -- of the booking, after the change
    user_before      bigint,                         -- of external changes: the person before
    user_id          bigint,                         -- the booking's person then
    action           text        NOT NULL
                     CHECK (action IN ('confirm', 'cancel', 'move', 'undo', 'external', 'delete')),
    actor_id         bigint,                         -- Telegram user id; NULL: another program
    actor_name       text,                           -- the name then
    at               timestamptz NOT NULL DEFAULT now(),
    confirmed_before integer,
    confirmed_after  integer,
    course_before    integer,
    course_after     integer,
    stream_before    text,
    stream_after     text,
    user_stream_before text,                         -- users.course_stream, for an undo
    followed_at      timestamptz,
    UNIQUE (booking_id, revision)
);

CREATE INDEX audit_unfollowed ON booking_desk.audit (id) WHERE followed_at IS NULL;
CREATE INDEX audit_deletions ON booking_desk.audit (booking_id, revision) WHERE action = 'delete';
-- The log is read by person, by actor, by action, by actor and action, and by time.
CREATE INDEX audit_by_person ON booking_desk.audit (user_id, id) INCLUDE (booking_id, revision);
CREATE INDEX audit_by_actor ON booking_desk.audit (actor_id, id);
CREATE INDEX audit_by_action ON booking_desk.audit (action, id);
CREATE INDEX audit_by_both ON booking_desk.audit (actor_id, action, id);
CREATE INDEX audit_by_time ON booking_desk.audit (at, id);

CREATE FUNCTION booking_desk.record_external_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('application_name') = 'booking-desk' THEN
        RETURN NULL;
    END IF;
    INSERT INTO booking_desk.audit
           (booking_id, revision, user_before, user_id, action,
            confirmed_before, confirmed_after, course_before, course_after,
            stream_before, stream_after)
    SELECT after.id, after.revision,
           booking_desk.person_id(before.user_id), booking_desk.person_id(after.user_id),
           'external', booking_desk.whole(before.confirmed), booking_desk.whole(after.confirmed),
           booking_desk.whole(before.course_id), booking_desk.whole(after.course_id),
           before.course_stream, after.course_stream
      FROM old_rows AS before
      JOIN new_rows AS after USING (id)
     WHERE (before.confirmed, before.course_id, before.course_stream, before.user_id)
           IS DISTINCT FROM
           (after.confirmed, after.course_id, after.course_stream, after.user_id)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM pg_notify('booking_desk', 'external');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_record_external_change
    AFTER UPDATE ON bookings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.record_external_change();

-- A booking that another program inserts as confirmed was new for no time. A dump that is restored
-- confirms nobody: pg_dump begins its scripts with `SET row_security = off`, and nobody else does.
CREATE FUNCTION booking_desk.record_external_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('application_name') = 'booking-desk'
       OR current_setting('row_security') = 'off' THEN
        RETURN NULL;
    END IF;
    INSERT INTO booking_desk.audit
           (booking_id, revision, user_before, user_id, action,
            confirmed_before, confirmed_after, course_before, course_after,
            stream_before, stream_after)
    VALUES (NEW.id, NEW.revision,
            booking_desk.person_id(NEW.user_id), booking_desk.person_id(NEW.user_id), 'external',
            0, NEW.confirmed,
            booking_desk.whole(NEW.course_id), booking_desk.whole(NEW.course_id),
            NEW.course_stream, NEW.course_stream)
    ON CONFLICT DO NOTHING;
    PERFORM pg_notify('booking_desk', 'external');
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_record_external_confirmation
    AFTER INSERT ON bookings
    FOR EACH ROW WHEN (NEW.confirmed = 2)
    EXECUTE FUNCTION booking_desk.record_external_confirmation();

-- After a DELETE, or TRUNCATE ... RESTART IDENTITY, a new booking may get an old number. Its
-- revisions begin above those of the old booking. So a number and a revision, here or on a button,
-- always name one booking.
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

-- The last entry of a deleted booking has its last values.
CREATE FUNCTION booking_desk.record_deletion() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- TRUNCATE has no table of old rows, so its trigger runs before it and reads the table itself.
    EXECUTE format($f$
        INSERT INTO booking_desk.audit
               (booking_id, revision, user_id, action, confirmed_before, confirmed_after,
                course_before, course_after, stream_before, stream_after, followed_at)
        SELECT id, revision + 1, booking_desk.person_id(user_id), 'delete',
               booking_desk.whole(confirmed), booking_desk.whole(confirmed),
               booking_desk.whole(course_id), booking_desk.whole(course_id),
               course_stream, course_stream, now()
          FROM %s
        ON CONFLICT DO NOTHING
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
