"""A stage for the real program: its processes, a PostgreSQL, a Telegram, and people."""
