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

-- The operator compares columns of every type, such as json. Generated columns, which the arguments
-- name, are not computed yet. It runs as whoever writes, so it needs no path of its own, which would
-- cost more than the comparison. A revision that is set higher stays, as that of a number which is
-- used again.
CREATE FUNCTION booking_desk.before_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_NARGS OPERATOR(pg_catalog.=) 0 THEN
        IF OLD OPERATOR(pg_catalog.*<>) NEW THEN
            NEW.revision := greatest(NEW.revision, OLD.revision OPERATOR(pg_catalog.+) 1);
        END IF;
    ELSIF (pg_catalog.to_jsonb(OLD) OPERATOR(pg_catalog.-) TG_ARGV)
          OPERATOR(pg_catalog.<>) (pg_catalog.to_jsonb(NEW) OPERATOR(pg_catalog.-) TG_ARGV) THEN
        NEW.revision := greatest(NEW.revision, OLD.revision OPERATOR(pg_catalog.+) 1);
    END IF;
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN
    RETURN NEW;
END
$$;

-- The first booking of a course or stream inserts its row, whichever program writes the booking.
CREATE FUNCTION booking_desk.learn_place(course integer, stream text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF course IS NULL THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM booking_desk.courses WHERE course_id = course) THEN
        INSERT INTO booking_desk.courses (course_id) VALUES (course) ON CONFLICT DO NOTHING;
    END IF;
    IF stream IS NOT NULL THEN
        INSERT INTO booking_desk.streams (course_id, code) VALUES (course, stream)
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;

-- Writers wait for these two functions. A statement in them costs about as much as what it does, so
-- there are few. What stands before BEGIN is not guarded against errors.
CREATE FUNCTION booking_desk.after_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    course   integer;
    person   bigint;
    is_known boolean;                                -- its stream, and so its course
    last     integer;                                -- revision of an older booking of this number
BEGIN
    course := booking_desk.whole(NEW.course_id);
    person := booking_desk.person_id(NEW.user_id);
    WITH counted AS (
        INSERT INTO booking_desk.count_changes
        VALUES (booking_desk.moment(NEW.created_at), booking_desk.whole(NEW.confirmed), course, 1)
    ), named AS (
        INSERT INTO booking_desk.new_names
        VALUES (person, left(NEW.first_name, 64), left(NEW.username, 128))
    )
    SELECT EXISTS (SELECT FROM booking_desk.streams
                    WHERE course_id = course AND code = NEW.course_stream::text),
           (SELECT max(revision) FROM booking_desk.log WHERE booking_id = NEW.id)
      INTO is_known, last;
    IF NEW.revision <= last THEN
        -- After a DELETE, or TRUNCATE ... RESTART IDENTITY, a new booking may get an old number. Its
        -- revisions begin above those of the old booking. So a number and a revision, in the log or
        -- on a button, always name one booking.
        NEW.revision := last + 1;
        EXECUTE format('UPDATE %s SET revision = $1, first_revision = $1 WHERE id = $2',
                       TG_RELID::regclass) USING NEW.revision, NEW.id;
    END IF;
    IF NOT is_known THEN
        PERFORM booking_desk.learn_place(course, NEW.course_stream::text);
    END IF;

    -- A booking that another program inserts as confirmed was new for no time. A dump that is
    -- restored confirms nobody: pg_dump begins its scripts with `SET row_security = off`, and nobody
    -- else does.
    IF NEW.confirmed = 2 AND current_setting('application_name') <> 'booking-desk'
       AND current_setting('row_security') <> 'off' THEN
        INSERT INTO booking_desk.external_changes
               (booking_id, revision, user_before, user_id, confirmed_before, confirmed_after,
                course_before, course_after, stream_before, stream_after)
        VALUES (NEW.id, NEW.revision, person, person, 0, 2, course, course,
                NEW.course_stream, NEW.course_stream);
        PERFORM pg_notify('booking_desk', 'external');
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    PERFORM booking_desk.note_fault(TG_OP, SQLSTATE, SQLERRM, (to_jsonb(NEW)->>'id')::bigint, NULL);
    RETURN NULL;
END
$$;

CREATE FUNCTION booking_desk.after_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    is_counted  boolean;
    is_external boolean;
    has_welcome boolean := true;                     -- it may have one
BEGIN
    is_counted := (OLD.created_at, OLD.confirmed, OLD.course_id)
                  IS DISTINCT FROM (NEW.created_at, NEW.confirmed, NEW.course_id);
    is_external := (OLD.confirmed, OLD.course_id, OLD.course_stream, OLD.user_id)
                   IS DISTINCT FROM (NEW.confirmed, NEW.course_id, NEW.course_stream, NEW.user_id)
                   AND current_setting('application_name') <> 'booking-desk';
    IF is_counted OR is_external THEN
        WITH counted AS (
            INSERT INTO booking_desk.count_changes
            SELECT change.*
              FROM (VALUES (booking_desk.moment(OLD.created_at), booking_desk.whole(OLD.confirmed),
                            booking_desk.whole(OLD.course_id), -1),
                           (booking_desk.moment(NEW.created_at), booking_desk.whole(NEW.confirmed),
                            booking_desk.whole(NEW.course_id), 1)) AS change
             WHERE is_counted
        ), noted AS (
            INSERT INTO booking_desk.external_changes
                   (booking_id, revision, user_before, user_id, confirmed_before, confirmed_after,
                    course_before, course_after, stream_before, stream_after)
            SELECT NEW.id, NEW.revision,
                   booking_desk.person_id(OLD.user_id), booking_desk.person_id(NEW.user_id),
                   booking_desk.whole(OLD.confirmed), booking_desk.whole(NEW.confirmed),
                   booking_desk.whole(OLD.course_id), booking_desk.whole(NEW.course_id),
                   OLD.course_stream, NEW.course_stream
             WHERE is_external
        )
        SELECT EXISTS (SELECT FROM booking_desk.welcomes WHERE booking_id = NEW.id)
          INTO has_welcome;
    END IF;
    -- In a condition the function is no statement; it never returns NULL.
    IF is_external AND pg_notify('booking_desk', 'external') IS NULL THEN
        RETURN NULL;
    END IF;
    IF (OLD.course_id, OLD.course_stream) IS DISTINCT FROM (NEW.course_id, NEW.course_stream) THEN
        PERFORM booking_desk.learn_place(booking_desk.whole(NEW.course_id),
                                         NEW.course_stream::text);
    END IF;
    IF (OLD.user_id, OLD.first_name, OLD.username)
       IS DISTINCT FROM (NEW.user_id, NEW.first_name, NEW.username) THEN
        INSERT INTO booking_desk.new_names
        VALUES (booking_desk.person_id(NEW.user_id), left(NEW.first_name, 64),
                left(NEW.username, 128));
    END IF;

    -- The copies by which lists are filtered.
    IF has_welcome
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
                                    to_jsonb(OLD));
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
            course_before, course_after, stream_before, stream_after)
    SELECT id, revision + 1, booking_desk.person_id(user_id), 'delete',
           booking_desk.whole(confirmed), booking_desk.whole(confirmed),
           booking_desk.whole(course_id), booking_desk.whole(course_id),
           course_stream, course_stream
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
                course_before, course_after, stream_before, stream_after)
        SELECT id, revision + 1, booking_desk.person_id(user_id), 'delete',
               booking_desk.whole(confirmed), booking_desk.whole(confirmed),
               booking_desk.whole(course_id), booking_desk.whole(course_id),
               course_stream, course_stream
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
