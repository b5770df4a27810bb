"""What the bot knows of people."""
