"""Lists of bookings: their order, pages, counts, filters and searches."""
