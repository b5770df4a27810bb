"""Chats: who is in them, what groups have, and which commands are offered."""
