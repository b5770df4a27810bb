"""What `make lint` promises, seen to be kept."""
