-- people with a word
WITH drawn AS (
    SELECT theirs.user_id, min(wanted.n) AS n
      FROM unnest($1::text[]) WITH ORDINALITY AS wanted (word, n)
     CROSS JOIN LATERAL (SELECT words.user_id
                           FROM booking_desk.words
                          WHERE words.word = wanted.word
                          ORDER BY words.user_id DESC
                          LIMIT $2) AS theirs
     GROUP BY theirs.user_id
     ORDER BY n, theirs.user_id DESC
     LIMIT $2
)
SELECT drawn.user_id
  FROM drawn
 ORDER BY drawn.n, drawn.user_id DESC
 LIMIT $3;

-- people with words
SELECT count(*) FROM (SELECT FROM booking_desk.words
WHERE word = ANY($1::text[]) LIMIT $2) AS counted;

-- people with words
SELECT count(*) FROM (SELECT FROM booking_desk.words
WHERE word = ANY($1::text[]) LIMIT $2) AS counted;

-- people with words
WITH drawn AS (
            SELECT theirs.user_id, min(wanted.n) AS n
              FROM unnest($1::text[]) WITH ORDINALITY AS wanted (word, n)
             CROSS JOIN LATERAL (SELECT words.user_id
                                   FROM booking_desk.words
                                  WHERE words.word = wanted.word
                                  ORDER BY words.user_id DESC
                                  LIMIT $2) AS theirs
             GROUP BY theirs.user_id
             ORDER BY n, theirs.user_id DESC
             LIMIT $2
        )
        SELECT drawn.user_id
          FROM drawn
CROSS JOIN LATERAL (SELECT FROM booking_desk.words
                     WHERE user_id = drawn.user_id AND (word = ANY($4::text[])) IS TRUE
                     LIMIT 1) AS has_4
         ORDER BY drawn.n, drawn.user_id DESC
         LIMIT $3;
