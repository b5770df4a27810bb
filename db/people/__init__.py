"""People: the bot's data about them, their names, and the school's own table."""
