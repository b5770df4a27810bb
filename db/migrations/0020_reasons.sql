-- The reasons of the school for a cancellation, one tap each. A reason never changes, so a button
-- always means what it says; one that is edited is taken off the list and added anew.
CREATE TABLE booking_desk.reasons (
    id       integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    texts    jsonb       NOT NULL,                   -- by language
    listed   boolean     NOT NULL DEFAULT true,
    added_by bigint,                                 -- NULL: these came with the desk
    added_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO booking_desk.reasons (texts)
VALUES ('{"en": "The payment has not arrived.", "ru": "Мы не получили оплату."}'),
       ('{"en": "There are no places left.", "ru": "Свободных мест не осталось."}'),
       ('{"en": "You asked us to.", "ru": "По вашей просьбе."}'),
       ('{"en": "You have another booking.", "ru": "У вас есть другая заявка."}');
