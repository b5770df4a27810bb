-- A booking that an admin is about to add: what is known of it so far. It is here because the
-- answers come in several messages, maybe to several replicas. Each admin has one at a time.
CREATE TABLE booking_desk.drafts (
    id            integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id      bigint      NOT NULL UNIQUE,
    revision      integer     NOT NULL DEFAULT 1,    -- a button names the one it was drawn for
    asks          text        CHECK (asks IN ('person', 'course', 'stream', 'status')),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    user_id       bigint,
    username      text,
    first_name    text,
    course_id     integer,
    course_name   text,                              -- of a course that there is not yet
    course_stream text,
    confirmed     integer,
    booking_id    bigint                             -- the booking that it has become
);
