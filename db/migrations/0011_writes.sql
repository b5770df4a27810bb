-- What the triggers on `bookings` do; db/attachment creates the triggers. A write of the school never
-- fails because of them: an error is noted here, and the desk repairs what was missed. They name no
-- column in their definitions, so the school can alter its table.

-- The columns that the desk has added to the school's tables.
CREATE TABLE booking_desk.own_columns (
    relation text,
    name     text,
    PRIMARY KEY (relation, name)
);

CREATE TABLE booking_desk.faults (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT now(),
    during text        NOT NULL,                     -- the statement, or what else needs a repair
    reason text
);

-- How a booking stood before the desk lost sight of it.
CREATE TABLE booking_desk.remembered (
    booking_id    bigint  PRIMARY KEY,
    existed       boolean NOT NULL,
    revision      integer,
    user_id       bigint,
    confirmed     integer,
    course_id     integer,
    course_stream text
);

-- The oldest memory of a booking is the one that counts.
CREATE FUNCTION booking_desk.note_fault(
    operation text, state text, message text, booking bigint, was jsonb
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- The messages of this class name columns, those of others may quote values.
    INSERT INTO booking_desk.faults (during, reason)
    VALUES (operation, CASE WHEN state LIKE '42%' THEN message ELSE state END);
    INSERT INTO booking_desk.remembered
    SELECT booking, was IS NOT NULL, (was->>'revision')::integer, (was->>'user_id')::bigint,
           (was->>'confirmed')::integer, (was->>'course_id')::integer, was->>'course_stream'
     WHERE booking IS NOT NULL
    ON CONFLICT DO NOTHING;
    PERFORM pg_notify('booking_desk', 'fault');
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'booking_desk: %', SQLERRM;
END
$$;

-- After a DELETE, or TRUNCATE ... RESTART IDENTITY, a new booking may get an old number. Its
-- revisions begin above those of the old booking. So a number and a revision, in the log or on a
-- button, always name one booking.
CREATE FUNCTION booking_desk.before_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    last integer := (SELECT max(revision) FROM booking_desk.audit WHERE booking_id = NEW.id);
BEGIN
    IF NEW.revision <= last THEN
        NEW.revision := last + 1;
        NEW.first_revision := last + 1;
    END IF;
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN
    RETURN NEW;
END
$$;

-- The operator compares columns of every type, such as json. Generated columns, which the arguments
-- name, are not computed yet.
CREATE FUNCTION booking_desk.before_update() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (CASE WHEN TG_NARGS = 0 THEN OLD *<> NEW
             ELSE to_jsonb(OLD) - TG_ARGV <> to_jsonb(NEW) - TG_ARGV END) THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN
    RETURN NEW;
END
$$;

CREATE FUNCTION booking_desk.after_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    is_new boolean := TG_OP = 'INSERT';
BEGIN
    -- The ledger of counts.
    IF is_new THEN
        INSERT INTO booking_desk.count_changes
        VALUES (booking_desk.moment(NEW.created_at), booking_desk.whole(NEW.confirmed),
                booking_desk.whole(NEW.course_id), 1);
    ELSIF (OLD.created_at, OLD.confirmed, OLD.course_id)
          IS DISTINCT FROM (NEW.created_at, NEW.confirmed, NEW.course_id) THEN
        INSERT INTO booking_desk.count_changes
        VALUES (booking_desk.moment(OLD.created_at), booking_desk.whole(OLD.confirmed),
                booking_desk.whole(OLD.course_id), -1),
               (booking_desk.moment(NEW.created_at), booking_desk.whole(NEW.confirmed),
                booking_desk.whole(NEW.course_id), 1);
    END IF;

    -- The first booking of a course or stream inserts its row, whichever program writes the booking.
    IF booking_desk.whole(NEW.course_id) IS NOT NULL
       AND (is_new OR (OLD.course_id, OLD.course_stream)
                      IS DISTINCT FROM (NEW.course_id, NEW.course_stream)) THEN
        IF NOT EXISTS (SELECT FROM booking_desk.courses WHERE course_id = NEW.course_id) THEN
            INSERT INTO booking_desk.courses (course_id)
            VALUES (booking_desk.whole(NEW.course_id))
            ON CONFLICT DO NOTHING;
        END IF;
        IF NEW.course_stream IS NOT NULL
           AND NOT EXISTS (SELECT FROM booking_desk.streams
                            WHERE course_id = NEW.course_id AND code = NEW.course_stream::text) THEN
            INSERT INTO booking_desk.streams (course_id, code)
            VALUES (booking_desk.whole(NEW.course_id), NEW.course_stream::text)
            ON CONFLICT DO NOTHING;
        END IF;
    END IF;

    -- Names, for searches.
    IF booking_desk.person_id(NEW.user_id) IS NOT NULL
       AND (is_new OR (OLD.user_id, OLD.first_name, OLD.username)
                      IS DISTINCT FROM (NEW.user_id, NEW.first_name, NEW.username)) THEN
        INSERT INTO booking_desk.names (user_id, name, is_username, learned)
        SELECT booking_desk.person_id(NEW.user_id), name, is_username, is_username
          FROM (VALUES (left(NEW.first_name, 64), false),
                       (booking_desk.bare_username(NEW.username), true))
               AS called (name, is_username)
         WHERE name <> ''
        ON CONFLICT DO NOTHING;
    END IF;

    -- What another program has changed. A booking that is inserted as confirmed was new for no time.
    -- A dump that is restored confirms nobody: pg_dump begins its scripts with `SET row_security =
    -- off`, and nobody else does.
    IF current_setting('application_name') <> 'booking-desk'
       AND (is_new AND NEW.confirmed = 2 AND current_setting('row_security') <> 'off'
            OR NOT is_new AND (OLD.confirmed, OLD.course_id, OLD.course_stream, OLD.user_id)
                              IS DISTINCT FROM
                              (NEW.confirmed, NEW.course_id, NEW.course_stream, NEW.user_id)) THEN
        IF is_new THEN
            OLD := NEW;
            OLD.confirmed := 0;
        END IF;
        INSERT INTO booking_desk.audit
               (booking_id, revision, user_before, user_id, action,
                confirmed_before, confirmed_after, course_before, course_after,
                stream_before, stream_after)
        VALUES (NEW.id, NEW.revision,
                booking_desk.person_id(OLD.user_id), booking_desk.person_id(NEW.user_id),
                'external', booking_desk.whole(OLD.confirmed), booking_desk.whole(NEW.confirmed),
                booking_desk.whole(OLD.course_id), booking_desk.whole(NEW.course_id),
                OLD.course_stream, NEW.course_stream)
        ON CONFLICT DO NOTHING;
        PERFORM pg_notify('booking_desk', 'external');
    END IF;

    -- The copies by which lists are filtered.
    IF NOT is_new
       AND (OLD.created_at, OLD.confirmed, OLD.course_id, OLD.course_stream,
            OLD.discount_percent, OLD.referral_code::text)
           IS DISTINCT FROM
           (NEW.created_at, NEW.confirmed, NEW.course_id, NEW.course_stream,
            NEW.discount_percent, NEW.referral_code::text) THEN
        UPDATE booking_desk.welcomes
           SET listed_at = coalesce(booking_desk.moment(NEW.created_at), 'epoch'),
               confirmed = booking_desk.whole(NEW.confirmed),
               course_id = booking_desk.whole(NEW.course_id),
               course_stream = NEW.course_stream,
               discount_percent = booking_desk.percent(NEW.discount_percent),
               code = lower(left(NEW.referral_code::text, 64))
         WHERE booking_id = NEW.id;
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    PERFORM booking_desk.note_fault(TG_OP, SQLSTATE, SQLERRM, (to_jsonb(NEW)->>'id')::bigint,
                                    CASE WHEN NOT is_new THEN to_jsonb(OLD) END);
    RETURN NULL;
END
$$;

-- The last entry of a deleted booking has its last values.
CREATE FUNCTION booking_desk.after_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO booking_desk.count_changes
    SELECT booking_desk.moment(created_at), booking_desk.whole(confirmed),
           booking_desk.whole(course_id), -count(*)
      FROM gone GROUP BY 1, 2, 3;
    INSERT INTO booking_desk.audit
           (booking_id, revision, user_id, action, confirmed_before, confirmed_after,
            course_before, course_after, stream_before, stream_after, followed_at)
    SELECT id, revision + 1, booking_desk.person_id(user_id), 'delete',
           booking_desk.whole(confirmed), booking_desk.whole(confirmed),
           booking_desk.whole(course_id), booking_desk.whole(course_id),
           course_stream, course_stream, now()
      FROM gone
    ON CONFLICT DO NOTHING;
    DELETE FROM booking_desk.welcomes WHERE booking_id IN (SELECT id FROM gone);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    PERFORM booking_desk.note_fault(TG_OP, SQLSTATE, SQLERRM, (was->>'id')::bigint, was)
       FROM (SELECT to_jsonb(gone) AS was FROM gone) AS noted;
    RETURN NULL;
END
$$;

-- TRUNCATE has no table of old rows, so this runs before it and reads the table itself.
CREATE FUNCTION booking_desk.before_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
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
    $f$, TG_RELID::regclass);
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    PERFORM booking_desk.note_fault(TG_OP, SQLSTATE, SQLERRM, NULL, NULL);
    RETURN NULL;
END
$$;

CREATE FUNCTION booking_desk.after_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- A fold in progress would insert its sums again, so it must end first.
    LOCK TABLE booking_desk.counts IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM booking_desk.counts;
    DELETE FROM booking_desk.count_changes;
    DELETE FROM booking_desk.welcomes;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    PERFORM booking_desk.note_fault(TG_OP, SQLSTATE, SQLERRM, NULL, NULL);
    RETURN NULL;
END
$$;
