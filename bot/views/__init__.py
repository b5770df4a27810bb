"""What services answer, and screens show."""
