"""What waits for a decision: one booking after the other, or many at once."""
