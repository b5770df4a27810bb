-- A file of bookings that an admin has sent: read, shown, then added in batches, each its own
-- transaction, so an import goes on after a crash. Lists say so while one is half done.
CREATE TABLE booking_desk.imports (
    id          integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id    bigint      NOT NULL,
    actor_name  text        NOT NULL,
    state       text        NOT NULL DEFAULT 'reading'
                CHECK (state IN ('reading', 'refused', 'planned', 'running', 'stopped', 'done',
                                 'undoing', 'undone')),
    revision    integer     NOT NULL DEFAULT 1,      -- a button names the one it was drawn for
    file_name   text        NOT NULL,
    content     bytea,                               -- until the import begins
    readings    integer     NOT NULL DEFAULT 0,      -- how often reading it was begun
    layout      jsonb,                               -- encoding, delimiter, header
    columns     jsonb,                               -- which column is which field, by number
    problem     text,                                -- why the file cannot be read, and where
    problem_line integer,
    welcomes    boolean     NOT NULL DEFAULT false,
    twins       boolean     NOT NULL DEFAULT false,  -- add duplicates as well
    total       integer     NOT NULL DEFAULT 0,      -- rows to add
    added       integer     NOT NULL DEFAULT 0,      -- bookings of it that are in the lists
    chat_id     bigint,                              -- the message that shows the progress
    message_id  bigint,
    language    text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    undo_until  timestamptz,
    undone_by   bigint,
    undone_name text
);
CREATE INDEX imports_underway ON booking_desk.imports (id)
    WHERE state IN ('reading', 'running', 'stopped', 'undoing');

CREATE TABLE booking_desk.import_rows (
    import_id        integer NOT NULL REFERENCES booking_desk.imports ON DELETE CASCADE,
    line             integer NOT NULL,               -- of the file, where the row begins
    result           text
                     CHECK (result IN ('unreadable', 'duplicate', 'added', 'refused', 'undone',
                                       'kept')),
    problem          text,                           -- what cannot be read, or was refused
    field            text,                           -- in which column
    shown            text,                           -- the beginning of what stands there
    user_id          bigint,
    username         text,
    first_name       text,
    course_id        integer,
    course_name      text,                           -- of a course that there is not yet
    course_stream    text,
    confirmed        integer,
    created_at       timestamptz,
    referral_code    text,
    discount_percent integer,
    twin_line        integer,                        -- a duplicate: of this line,
    twin             bigint,                         -- or of this booking
    booking_id       bigint,
    revision         integer,
    followed         boolean NOT NULL DEFAULT false, -- the user's stream was written
    PRIMARY KEY (import_id, line)
);
CREATE INDEX import_rows_waiting ON booking_desk.import_rows (import_id, line)
    WHERE result IS NULL;
