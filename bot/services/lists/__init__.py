"""Lists of bookings by tab, filter or search, and the paging of any list."""
