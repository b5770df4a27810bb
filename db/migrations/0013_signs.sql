-- What the desk watches of itself. A replica that sees a sign well says so every few seconds, so
-- one that has not been well for long is in trouble, whichever replicas have died meanwhile.

CREATE TABLE booking_desk.signs (
    name       text        PRIMARY KEY,
    well_at    timestamptz NOT NULL,   -- when a replica last saw it well
    alarmed_at timestamptz,            -- since when the staff knows that it is not
    replica    uuid                    -- which one speaks, should the database go away
);
