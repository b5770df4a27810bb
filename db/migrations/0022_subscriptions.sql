-- Who of the staff has chosen to be told of new bookings, or not to be.
CREATE TABLE booking_desk.subscriptions (
    chat_id  bigint PRIMARY KEY,                     -- an admin, or the group as it is configured
    arrivals boolean NOT NULL
);
