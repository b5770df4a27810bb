"""One booking: its transitions, their effects, and its card."""
