-- Every change of a booking's placement, status or person: one row a revision. The desk writes the
-- rows of its own decisions, with the actor. Triggers write the rows of other programs' changes, and
-- mark them for the desk to follow up (`followed_at IS NULL`).

CREATE TABLE booking_desk.audit (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booking_id       bigint      NOT NULL,
    revision         integer     NOT NULL,           -- of the booking, after the change
    user_before      bigint,                         -- of external changes: the person before
    user_id          bigint,                         -- the booking's person then
    action           text        NOT NULL
                     CHECK (action IN ('confirm', 'cancel', 'move', 'undo', 'external', 'delete',
                                      'add', 'reopen')),
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
    remark           jsonb,                          -- what the actor added: texts by language
    followed_at      timestamptz,
    UNIQUE (booking_id, revision)
);

CREATE INDEX audit_unfollowed ON booking_desk.audit (id) WHERE followed_at IS NULL;
CREATE INDEX audit_deletions ON booking_desk.audit (booking_id, revision) WHERE action = 'delete';
-- The log is read by person, by actor, by action, by actor and action, and by time. Other programs
-- are no actor, so their writes cost fewer indexes.
CREATE INDEX audit_by_person ON booking_desk.audit (user_id, id) INCLUDE (booking_id, revision);
CREATE INDEX audit_by_actor ON booking_desk.audit (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_action ON booking_desk.audit (action, id);
CREATE INDEX audit_by_both ON booking_desk.audit (actor_id, action, id)
    WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_time ON booking_desk.audit (at, id);
