"""What can be wrong with the database itself."""


class DatabaseUnavailable(Exception):
    """PostgreSQL did not answer. A change that was being made may or may not have happened."""
