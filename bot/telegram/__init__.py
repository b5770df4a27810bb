"""Telegram: how it is called, what it brings, and what it shows."""
