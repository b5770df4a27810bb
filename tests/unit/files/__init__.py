"""Files of bookings: how they are read."""
