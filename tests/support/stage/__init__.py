"""Where the real program is put to the test: its processes, a PostgreSQL, a Telegram, people."""
