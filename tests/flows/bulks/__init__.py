"""Bulks."""
