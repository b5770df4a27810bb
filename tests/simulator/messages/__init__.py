"""Messages of the local Telegram."""
