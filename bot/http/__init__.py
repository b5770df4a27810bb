"""HTTP in: what Telegram and orchestrators ask. A desk that needs none of it imports none."""
