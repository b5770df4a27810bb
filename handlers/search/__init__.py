"""Search for bookings: by text, by a forwarded message, or inline from another chat."""
