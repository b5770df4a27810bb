"""One booking: what may happen to it, what follows, and its card."""
