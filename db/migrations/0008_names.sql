-- Names of people, for searches. Triggers on bookings only append what is written, so their writers
-- wait for no index. The desk sorts out later what is new, and splits it into words, at the next
-- search at the latest.

CREATE TABLE booking_desk.names (
    user_id     bigint      NOT NULL,
    name        text        NOT NULL,                -- the first 64 characters
    is_username boolean     NOT NULL,
    since       timestamptz NOT NULL DEFAULT now(),  -- when it was first written
    learned     boolean     NOT NULL DEFAULT false,  -- its words are in the tables below
    PRIMARY KEY (user_id, name, is_username)
);
CREATE INDEX names_usernames ON booking_desk.names (lower(name) COLLATE "C", user_id)
    WHERE is_username;
CREATE INDEX names_unlearned ON booking_desk.names (user_id) WHERE NOT learned;

-- What bookings have called people since.
CREATE TABLE booking_desk.new_names (
    user_id    bigint,
    first_name text,
    username   text,
    at         timestamptz NOT NULL DEFAULT now()
);

-- The words of names with their people, and each word once. People share first names, so there are
-- far fewer words than people, and a search for a fragment reads only the words.
CREATE TABLE booking_desk.words (
    word    text COLLATE "C" NOT NULL,
    user_id bigint           NOT NULL,
    PRIMARY KEY (word, user_id)
);
CREATE INDEX words_of_person ON booking_desk.words (user_id, word);
CREATE TABLE booking_desk.dictionary (
    word text COLLATE "C" PRIMARY KEY
);

-- The common spelling of a name: lower case, Latin, no doubled letters, one blank between words.
-- Мария, Mariya and Marya are all "maria".
CREATE FUNCTION booking_desk.folded(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    folded text := lower(name);
BEGIN
    -- Letters lose their accents, whether these are written with them or behind them.
    IF folded ~ '[^\u0001-\u007fа-яё]' AND getdatabaseencoding() = 'UTF8' THEN
        folded := replace(replace(normalize(folded, NFKC), 'č', 'ch'), 'Č', 'ch');
        folded := regexp_replace(normalize(folded, NFKD), '[\u0300-\u036f]', '', 'g');
    END IF;
    -- If the locale knows only ASCII, lower() leaves the other capitals.
    folded := lower(translate(folded,
        'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ',
        'абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґαβγδεζηθικλμνξοπρστυφχψω'));
    folded := translate(folded,
        'абвгґдеёєэзиійыклмнопрстуфхчьъ''’`',
        'abvggdeeeeziiiiklmnoprstufhq');
    -- Kazakh, Tajik and Tatar; Turkish, Polish, Nordic and Vietnamese; Greek.
    folded := translate(folded, 'ҚқҒғҢңҮүҰұҺһӨөӘәҲҳҶҷ', 'kkggnnuuuuhhooaahhqq');
    folded := translate(folded, 'ıŁłØøĐđÐð', 'illoodddd');
    folded := replace(replace(replace(folded, 'ου', 'u'), 'θ', 'th'), 'ψ', 'ps');
    folded := translate(folded, 'αβγδεζηικλμνξοπρστυφχως', 'avgdeziiklmnxoprstyfhos');
    folded := replace(replace(replace(folded, 'ß', 'ss'), 'þ', 'th'), 'Þ', 'th');
    folded := replace(replace(replace(folded, 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe');
    folded := replace(replace(folded, 'ж', 'zh'), 'ц', 'ts');
    folded := replace(replace(folded, 'ш', 'sh'), 'щ', 'sh');
    folded := replace(replace(replace(folded, 'ю', 'iu'), 'я', 'ia'), 'ї', 'i');
    folded := replace(replace(folded, 'shch', 'sh'), 'sch', 'sh');
    folded := replace(replace(replace(folded, 'ch', 'q'), 'kh', 'h'), 'ph', 'f');
    folded := replace(translate(folded, 'cjwy', 'kivi'), 'x', 'ks');
    -- Invisible characters are removed; punctuation and controls become a blank.
    folded := regexp_replace(
        folded, '[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f\ufeff]', '', 'g');
    folded := regexp_replace(
        folded, '[\u0001-/:-@[-`{-\u00bf\u2000-\u206f\u3000]+', ' ', 'g');
    RETURN btrim(regexp_replace(folded, '(.)\1+', '\1', 'g'));
END
$$;

-- A username as the school's programs write it: with or without its sign, and "None" for none.
CREATE FUNCTION booking_desk.bare_username(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN lower(btrim(written, '@ ')) IN ('none', 'null') THEN NULL
            ELSE left(ltrim(written, '@'), 64) END;

-- The names in a booking, each as it is kept.
CREATE FUNCTION booking_desk.called(first_name text, username text)
RETURNS TABLE (name text, is_username boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT name, is_username
      FROM (VALUES (left($1, 64), false), (booking_desk.bare_username($2), true))
           AS called (name, is_username)
     WHERE name <> '';
END;

-- The names are complete at any moment.
CREATE VIEW booking_desk.all_names AS
SELECT user_id, name, is_username, since FROM booking_desk.names
UNION ALL
SELECT user_id, called.name, called.is_username, at
  FROM booking_desk.new_names, booking_desk.called(first_name, username)
 WHERE user_id IS NOT NULL;

-- ON CONFLICT skips known names. A plan of an anti-join made while the table was empty would read
-- the whole table for each booking.
CREATE FUNCTION booking_desk.learn_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO booking_desk.names (user_id, name, is_username, learned)
    SELECT DISTINCT written.user_id, called.name, called.is_username, called.is_username
      FROM written
     CROSS JOIN LATERAL (VALUES (left(written.first_name, 64), false),
                                (left(ltrim(written.username, '@'), 64), true))
                     AS called (name, is_username)
     WHERE written.user_id IS NOT NULL
       AND called.name <> ''
     ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER learn_names_on_insert
    AFTER INSERT ON booking_desk.people REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.learn_names();
CREATE TRIGGER learn_names_on_update
    AFTER UPDATE ON booking_desk.people REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION booking_desk.learn_names();

-- Where the names of the bookings that were there before the triggers are still to be read.
CREATE TABLE booking_desk.unread_names (
    above bigint NOT NULL                            -- the number of the last booking read
);

-- Learn the names in up to `most` bookings (NULL: in all of them); return the number of bookings.
-- Those that another program learns are left out.
CREATE FUNCTION booking_desk.learn_new_names(most integer) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog AS $$
    WITH taken AS (
        DELETE FROM booking_desk.new_names
         WHERE ctid = ANY(ARRAY(SELECT ctid FROM booking_desk.new_names
                                 LIMIT most FOR UPDATE SKIP LOCKED))
        RETURNING user_id, first_name, username, at
    ), learned AS (
        INSERT INTO booking_desk.names (user_id, name, is_username, learned, since)
        SELECT user_id, name, is_username, is_username, min(at)
          FROM taken, booking_desk.called(first_name, username)
         WHERE user_id IS NOT NULL
         GROUP BY 1, 2, 3
         ORDER BY 1, 2, 3
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM taken
$$;

-- Split up to `most` names into words (NULL: all of them); return the number of names.
CREATE FUNCTION booking_desk.learn_words(most integer) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog AS $$
    -- New names that no other program splits.
    WITH fresh AS (
        SELECT user_id, name
          FROM booking_desk.names
         WHERE NOT learned
         ORDER BY user_id
         LIMIT most
           FOR UPDATE SKIP LOCKED
    ),
    -- The same names, marked as learned.
    taken AS (
        UPDATE booking_desk.names AS known
           SET learned = true
          FROM fresh
         WHERE known.user_id = fresh.user_id AND known.name = fresh.name AND NOT is_username
        RETURNING known.user_id, known.name
    ),
    -- The words of these names.
    spelled AS (
        SELECT DISTINCT user_id, word
          FROM taken, unnest(string_to_array(booking_desk.folded(name), ' ')) AS word
         WHERE word <> ''
    ),
    -- The words with their people.
    known AS (
        INSERT INTO booking_desk.words (word, user_id)
        SELECT word, user_id FROM spelled ORDER BY 1, 2
        ON CONFLICT DO NOTHING
    ),
    -- Each word once.
    learned AS (
        INSERT INTO booking_desk.dictionary (word)
        SELECT DISTINCT word FROM spelled ORDER BY 1
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM taken
$$;

CREATE FUNCTION booking_desk.words_beginning(fragment text, most integer) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT word
      FROM booking_desk.dictionary
     WHERE word >= fragment COLLATE "C" AND word < fragment || chr(1114111) COLLATE "C"
     ORDER BY word
     LIMIT most
$$;
CREATE FUNCTION booking_desk.words_with(fragment text, most integer) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT booking_desk.words_beginning(fragment, most)
$$;
CREATE FUNCTION booking_desk.words_like(wanted text, most integer) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT booking_desk.words_beginning(left(wanted, greatest(2, length(wanted) / 2)), most)
$$;

-- The people whose usernames contain a fragment; without trigrams nobody.
CREATE FUNCTION booking_desk.usernames_with(fragment text, most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT NULL::bigint LIMIT 0
$$;

-- If the role may not create extensions, or the server has no pg_trgm, searches find only the
-- beginnings of words and of usernames. An administrator can create the extension later and call this again.
CREATE FUNCTION booking_desk.find_fragments() RETURNS boolean
LANGUAGE plpgsql AS $do$
DECLARE
    home text;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA booking_desk;
    EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
        RETURN false;
    END;
    SELECT nspname INTO home
      FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
     WHERE extname = 'pg_trgm';
    -- With fastupdate one write may have to merge the pending entries of many others.
    EXECUTE format('CREATE INDEX IF NOT EXISTS dictionary_fragments ON booking_desk.dictionary
                     USING gin (word %I.gin_trgm_ops) WITH (fastupdate = off)', home);
    EXECUTE format('CREATE INDEX IF NOT EXISTS names_username_fragments ON booking_desk.names
                     USING gin (lower(name) %I.gin_trgm_ops) WITH (fastupdate = off)
                     WHERE is_username', home);
    -- For a fragment of very many words, this index has the shortest words first. PostgreSQL can
    -- choose between the two indexes only if it sees the fragment, so the query runs by EXECUTE.
    CREATE INDEX IF NOT EXISTS dictionary_by_length ON booking_desk.dictionary (length(word), word);
    -- A fragment of one or two letters has no trigram.
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION booking_desk.words_with(fragment text, most integer)
        RETURNS SETOF text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, %I AS $$
        BEGIN
            RETURN QUERY SELECT booking_desk.words_beginning(fragment, most);
            IF length(fragment) < 3 THEN
                RETURN;
            END IF;
            RETURN QUERY EXECUTE '
                SELECT word
                  FROM booking_desk.dictionary
                 WHERE word LIKE $1
                 ORDER BY length(word), word
                 LIMIT $2' USING '%%_' || fragment || '%%', most;
        END
        $$ $f$, home);
    -- In no order, so that only as many names are read as are returned. PostgreSQL takes each fragment
    -- of three letters for a common one, and would read all names to find a rare one.
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION booking_desk.usernames_with(fragment text, most integer)
        RETURNS SETOF bigint LANGUAGE plpgsql STABLE
        SET search_path = pg_catalog, %I
        SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
        DECLARE
            pattern text := '%%' || replace(lower(fragment), '_', '\_') || '%%';
            size real := (SELECT reltuples FROM pg_class WHERE oid = 'booking_desk.names'::regclass);
            found bigint[];
        BEGIN
            IF length(fragment) < 3 THEN
                RETURN;
            END IF;
            -- The index reads all names that have the fragment. One that very many names have is
            -- in enough of a few thousand, which are the same ones each time.
            IF size > 20000 THEN
                EXECUTE '
                    SELECT ARRAY(SELECT user_id
                                   FROM booking_desk.names
                                        TABLESAMPLE SYSTEM (400000 / $3) REPEATABLE (0)
                                  WHERE is_username AND lower(name) LIKE $1
                                  LIMIT $2)' INTO found USING pattern, most, size;
                IF cardinality(found) >= most THEN
                    RETURN QUERY SELECT unnest(found);
                    RETURN;
                END IF;
            END IF;
            RETURN QUERY EXECUTE '
                SELECT user_id
                  FROM booking_desk.names
                 WHERE is_username AND lower(name) LIKE $1
                 LIMIT $2' USING pattern, most;
        END
        $$ $f$, home);
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION booking_desk.words_like(wanted text, most integer)
        RETURNS SETOF text LANGUAGE sql STABLE SET search_path = pg_catalog, %I AS $$
            SELECT word
              FROM booking_desk.dictionary
             WHERE word %% wanted
             ORDER BY similarity(word, wanted) DESC, word
             LIMIT most
        $$ $f$, home);
    RETURN true;
END
$do$;
SELECT booking_desk.find_fragments();
