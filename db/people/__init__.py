"""People: what the bot knows of them, their names, and the school's own table."""
