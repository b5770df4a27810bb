-- Notices about students whom a welcome did not reach, and who of the admins writes to them.

-- The news of a notice stands in the message of its lead: of another notice that the chat heard shortly
-- before, or of itself.
CREATE TABLE booking_desk.notices (
    notice_id  bigint PRIMARY KEY REFERENCES booking_desk.outbox ON DELETE CASCADE,
    lead_id    bigint NOT NULL REFERENCES booking_desk.outbox ON DELETE CASCADE,
    chat_id    bigint NOT NULL,
    booking_id bigint NOT NULL
);
CREATE INDEX notices_of_lead ON booking_desk.notices (lead_id);
CREATE INDEX notices_of_booking ON booking_desk.notices (booking_id);
-- The leads of a chat, the newest first.
CREATE INDEX notices_leading ON booking_desk.notices (chat_id, notice_id) WHERE notice_id = lead_id;

-- What booking_desk.copies shows of a notice.
CREATE INDEX copies_of_notice ON booking_desk.copies (notice_id) WHERE notice_id IS NOT NULL;

CREATE TABLE booking_desk.writers (
    message_id bigint PRIMARY KEY REFERENCES booking_desk.outbox ON DELETE CASCADE,
    admin_id   bigint NOT NULL,
    admin_name text   NOT NULL
);
