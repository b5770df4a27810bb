"""Rows and queries, as frozen values."""
