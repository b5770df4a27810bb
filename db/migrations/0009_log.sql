-- The log is read by who did it, by what was done, by both, and by when.
CREATE INDEX audit_by_actor ON booking_desk.audit (actor_id, id);
CREATE INDEX audit_by_action ON booking_desk.audit (action, id);
CREATE INDEX audit_by_both ON booking_desk.audit (actor_id, action, id);
CREATE INDEX audit_by_time ON booking_desk.audit (at, id);
