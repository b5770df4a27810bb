"""What the desk adds to the school's tables, beside the school's programs."""
