"""One decision for many bookings."""
