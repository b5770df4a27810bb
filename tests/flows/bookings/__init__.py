"""Stories of one booking."""
