"""Everybody who is no admin."""
