"""Lists in SQL."""
