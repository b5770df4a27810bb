"""The program: what may happen to a booking, and when."""
