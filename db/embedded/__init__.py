"""PostgreSQL without an installation."""

from db.embedded.server import EmbeddedPostgresError, embedded_postgres

__all__ = ["EmbeddedPostgresError", "embedded_postgres"]
