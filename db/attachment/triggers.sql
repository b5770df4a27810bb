-- The triggers on `bookings`; migrations/0011_writes.sql has their functions.
DO $do$
DECLARE
    generated text := (SELECT string_agg(quote_literal(attname), ', ') FROM pg_attribute
                        WHERE attrelid = 'bookings'::regclass AND attgenerated <> '');
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER booking_desk_before_update BEFORE UPDATE ON bookings
                    FOR EACH ROW EXECUTE FUNCTION booking_desk.before_update(%s)', generated);
END
$do$;
CREATE OR REPLACE TRIGGER booking_desk_after_insert AFTER INSERT ON bookings
    FOR EACH ROW EXECUTE FUNCTION booking_desk.after_insert();
CREATE OR REPLACE TRIGGER booking_desk_after_update AFTER UPDATE ON bookings
    FOR EACH ROW EXECUTE FUNCTION booking_desk.after_update();
CREATE OR REPLACE TRIGGER booking_desk_after_delete AFTER DELETE ON bookings
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.after_delete();
CREATE OR REPLACE TRIGGER booking_desk_before_truncate BEFORE TRUNCATE ON bookings
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.before_truncate();
CREATE OR REPLACE TRIGGER booking_desk_after_truncate AFTER TRUNCATE ON bookings
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.after_truncate();
