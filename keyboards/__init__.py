"""Telegram out: buttons and their payloads."""
