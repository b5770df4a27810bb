-- The log is read by whose bookings it is about, who did it, what was done, by both, and by when.
CREATE INDEX audit_by_person ON booking_desk.audit (user_id, id) INCLUDE (booking_id, revision);
CREATE INDEX audit_by_actor ON booking_desk.audit (actor_id, id);
CREATE INDEX audit_by_action ON booking_desk.audit (action, id);
CREATE INDEX audit_by_both ON booking_desk.audit (actor_id, action, id);
CREATE INDEX audit_by_time ON booking_desk.audit (at, id);
