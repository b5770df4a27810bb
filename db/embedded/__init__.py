"""PostgreSQL without an installation."""

from db.embedded.programs import EmbeddedPostgresError
from db.embedded.server import embedded_postgres, running_on

__all__ = ["EmbeddedPostgresError", "embedded_postgres", "running_on"]
