"""The edges: Telegram's session, settings, screens."""
