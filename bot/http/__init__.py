"""The HTTP server for Telegram and orchestrators, imported only if the desk has a port."""
