"""Chats of the local Telegram."""
