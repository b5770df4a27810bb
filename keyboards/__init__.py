"""Telegram out: what is pressed, and what a press carries."""
