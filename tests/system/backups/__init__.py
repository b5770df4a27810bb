"""Backups: made, kept, restored, proved."""
