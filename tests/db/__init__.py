"""SQL against a real PostgreSQL."""
