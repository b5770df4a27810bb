"""Messages: what goes into them, and how people see them."""
