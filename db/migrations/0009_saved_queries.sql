-- Searches and filters under a number that fits a button; equal ones share a number.
CREATE TABLE booking_desk.saved_queries (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    query   text        NOT NULL UNIQUE,             -- JSON; equal queries have equal texts
    used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX saved_queries_used ON booking_desk.saved_queries (used_at);
