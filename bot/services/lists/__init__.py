"""Lists of bookings: by tab, by filter, by search, and the reader of pages of any list."""
