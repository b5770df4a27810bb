-- Names of courses and streams, and which streams are open. The first booking of a course or stream
-- inserts its row, whichever program writes the booking. A name is NULL until it is known.

CREATE TABLE booking_desk.courses (
    course_id integer PRIMARY KEY,
    name      text
);

CREATE TABLE booking_desk.streams (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    course_id integer NOT NULL,
    code      text    NOT NULL,
    name      text,
    is_open   boolean NOT NULL DEFAULT true,         -- an admin may move a booking into it
    UNIQUE (course_id, code)
);
