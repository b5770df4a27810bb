-- The bot's own data about people. Only the school's programs own the table `users`.

CREATE TABLE booking_desk.people (
    user_id         bigint PRIMARY KEY,
    first_name      text,
    username        text,
    language        text,                            -- of the person's client: 'en', 'ru', or NULL
    reachability    text NOT NULL DEFAULT 'unknown'
                    CHECK (reachability IN
                        ('unknown', 'reachable', 'never_started', 'blocked', 'deactivated')),
    reachability_at timestamptz,
    told_at         timestamptz                      -- when they started or blocked the bot, by Telegram
);
