"""Errors of the database itself."""


class DatabaseUnavailable(Exception):
    """PostgreSQL did not answer; a change that was under way may have been made or not."""
