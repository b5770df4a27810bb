"""Bookings that admins add themselves: one by hand, or a file of them."""
