"""Stories through the local Telegram: the real program, real HTTP, a real database."""
