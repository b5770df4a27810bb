"""Text as Telegram stores it: plain, with entities counted in UTF-16 code units."""
