"""The program: services, the texts that show their answers, and the way to Telegram."""
