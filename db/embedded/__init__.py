"""PostgreSQL without an installation."""

from db.embedded.programs import EmbeddedPostgresError, installed
from db.embedded.server import embedded_postgres, running_on, shared_postgres

__all__ = [
    "EmbeddedPostgresError",
    "embedded_postgres",
    "installed",
    "running_on",
    "shared_postgres",
]
