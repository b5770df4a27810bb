"""Schools as they are after years, and bots that work there."""
