"""Schools with years of data, and bots on their databases."""
