"""Requests and answers of the local Telegram."""
