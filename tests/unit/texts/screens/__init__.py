"""Each screen of the desk, with the longest values."""
