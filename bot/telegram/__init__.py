"""Telegram: its methods, its updates, and the command menus."""
