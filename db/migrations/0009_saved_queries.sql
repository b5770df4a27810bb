-- What somebody has looked for, under a number that fits a button; the same for everybody.
CREATE TABLE booking_desk.saved_queries (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    query   text        NOT NULL UNIQUE,             -- JSON, one spelling for one meaning
    used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX saved_queries_used ON booking_desk.saved_queries (used_at);
