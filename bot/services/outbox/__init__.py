"""Messages owed to people: how they leave, and what admins do about them."""
