-- How many bookings of each status were made each day: the counts on the tabs and "page n of m"
-- without counting bookings. The table is a ledger: every statement that writes bookings appends
-- what it changed, so writers never wait for each other on a counter; the sum is the truth
-- at any moment, and the rows of one (day, confirmed) are folded into one from time to time.

CREATE TABLE booking_desk.daily_counts (
    day       date NOT NULL,                         -- of created_at, in UTC
    confirmed integer,
    n         bigint NOT NULL
);

CREATE FUNCTION booking_desk.day_of(created_at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (coalesce(created_at, 'epoch'::timestamptz) AT TIME ZONE 'UTC')::date;

CREATE FUNCTION booking_desk.count_bookings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        INSERT INTO booking_desk.daily_counts (day, confirmed, n)
        SELECT booking_desk.day_of(created_at), confirmed, count(*)
          FROM new_rows
         GROUP BY 1, 2;
    WHEN 'DELETE' THEN
        INSERT INTO booking_desk.daily_counts (day, confirmed, n)
        SELECT booking_desk.day_of(created_at), confirmed, -count(*)
          FROM old_rows
         GROUP BY 1, 2;
    WHEN 'UPDATE' THEN
        INSERT INTO booking_desk.daily_counts (day, confirmed, n)
        SELECT booking_desk.day_of(created_at), confirmed, sum(n)
          FROM (SELECT created_at, confirmed, -1 AS n FROM old_rows
                UNION ALL
                SELECT created_at, confirmed, 1 FROM new_rows) AS change
         GROUP BY 1, 2
        HAVING sum(n) <> 0;
    WHEN 'TRUNCATE' THEN
        -- A fold under way would put back what it has taken, so it must end first.
        LOCK TABLE booking_desk.daily_counts IN SHARE ROW EXCLUSIVE MODE;
        DELETE FROM booking_desk.daily_counts;
    END CASE;
    RETURN NULL;
END
$$;

CREATE TRIGGER booking_desk_count_on_insert
    AFTER INSERT ON bookings REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();
CREATE TRIGGER booking_desk_count_on_update
    AFTER UPDATE ON bookings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();
CREATE TRIGGER booking_desk_count_on_delete
    AFTER DELETE ON bookings REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();
CREATE TRIGGER booking_desk_count_on_truncate
    AFTER TRUNCATE ON bookings
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.count_bookings();

-- The triggers above lock the table against writers until this migration commits,
-- so what is counted here and what they will append never overlap.
INSERT INTO booking_desk.daily_counts (day, confirmed, n)
SELECT booking_desk.day_of(created_at), confirmed, count(*)
  FROM bookings
 GROUP BY 1, 2;
