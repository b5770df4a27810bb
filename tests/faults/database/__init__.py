"""Scenarios in which PostgreSQL is away, silent, or refuses."""
