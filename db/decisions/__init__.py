"""Decisions: what was decided, by whom, one by one and many at once."""
