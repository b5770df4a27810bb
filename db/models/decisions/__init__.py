"""What decisions consist of."""
