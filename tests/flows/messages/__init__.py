"""Stories of messages."""
