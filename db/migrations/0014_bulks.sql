-- One decision for many bookings. Each row is its own transaction, so a bulk goes on after a crash.
CREATE TABLE booking_desk.bulks (
    id         integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id   bigint      NOT NULL,
    actor_name text        NOT NULL,
    second_id   bigint,                                -- who approved or refused it
    second_name text,
    action     text        NOT NULL CHECK (action IN ('confirm', 'cancel', 'move', 'remind')),
    stream_id  integer,                                -- where MOVE takes them
    tell       boolean NOT NULL DEFAULT true,          -- whether the students are told
    query      integer     NOT NULL,                   -- the saved query of the list
    edge       text        NOT NULL DEFAULT 'first',   -- the page of the list that it was asked on
    edge_id    bigint,
    edge_at    timestamptz,
    state      text        NOT NULL DEFAULT 'rehearsed'
               CHECK (state IN ('rehearsed', 'asked', 'refused', 'running', 'stopped', 'done',
                                'undoing', 'undone')),
    chat_id    bigint,                                 -- the message that shows the progress
    message_id bigint,
    language   text,
    created_at timestamptz NOT NULL DEFAULT now(),
    undo_until timestamptz                             -- when the students hear of it
);
CREATE INDEX bulks_working ON booking_desk.bulks (id) WHERE state IN ('running', 'undoing');

CREATE TABLE booking_desk.bulk_items (
    bulk_id        integer NOT NULL REFERENCES booking_desk.bulks ON DELETE CASCADE,
    place          integer NOT NULL,
    booking_id     bigint  NOT NULL,
    revision       integer NOT NULL,                   -- when the bulk was rehearsed
    result         text
                   CHECK (result IN ('done', 'changed', 'refused', 'undone', 'kept')),
    revision_after integer,
    PRIMARY KEY (bulk_id, place)
);
CREATE INDEX bulk_items_waiting ON booking_desk.bulk_items (bulk_id, place) WHERE result IS NULL;
