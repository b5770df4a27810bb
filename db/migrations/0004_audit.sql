-- Every change of a booking's placement, status or person: one row a revision; besides, reminders,
-- which have the revision of their moment. The desk writes the rows of its own decisions, with the
-- actor. Triggers note what other programs change, and the desk moves that here when it follows it
-- up.

CREATE TABLE booking_desk.audit (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id       bigint      NOT NULL,
    revision         integer     NOT NULL,           -- of the booking, after the change
    user_before      bigint,                         -- of external changes: the person before
    user_id          bigint,                         -- the booking's person then
    action           text        NOT NULL
                     CHECK (action IN ('confirm', 'cancel', 'move', 'undo', 'external', 'delete',
                                      'add', 'reopen', 'remind')),
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
    remark           jsonb                           -- what the actor added: texts by language
);
CREATE UNIQUE INDEX audit_of_booking ON booking_desk.audit
    (booking_id, revision, (CASE WHEN action = 'remind' THEN id ELSE 0 END));

CREATE INDEX audit_deletions ON booking_desk.audit (booking_id, revision) WHERE action = 'delete';
-- The log is read by person, by actor, by action, by actor and action, and by time.
CREATE INDEX audit_by_person ON booking_desk.audit (user_id, id) INCLUDE (booking_id, revision);
CREATE INDEX audit_by_actor ON booking_desk.audit (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_action ON booking_desk.audit (action, id);
CREATE INDEX audit_by_both ON booking_desk.audit (actor_id, action, id)
    WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_time ON booking_desk.audit (at, id);

-- The changes of other programs that the desk has not followed up. They have few indexes, because
-- the writers wait for these.
CREATE TABLE booking_desk.external_changes (
    id               bigint PRIMARY KEY DEFAULT nextval('booking_desk.audit_id_seq'),
    booking_id       bigint      NOT NULL,
    revision         integer     NOT NULL,
    user_before      bigint,
    user_id          bigint,
    at               timestamptz NOT NULL DEFAULT now(),
    confirmed_before integer,
    confirmed_after  integer,
    course_before    integer,
    course_after     integer,
    stream_before    text,
    stream_after     text
);
CREATE INDEX external_changes_of_booking ON booking_desk.external_changes (booking_id);

-- The log is complete at any moment.
CREATE VIEW booking_desk.log AS
SELECT id, booking_id, revision, user_before, user_id, action, actor_id, actor_name, at,
       confirmed_before, confirmed_after, course_before, course_after, stream_before, stream_after,
       user_stream_before, remark
  FROM booking_desk.audit
UNION ALL
SELECT id, booking_id, revision, user_before, user_id, 'external'::text, NULL::bigint, NULL::text,
       at, confirmed_before, confirmed_after, course_before, course_after, stream_before,
       stream_after, NULL::text, NULL::jsonb
  FROM booking_desk.external_changes;
