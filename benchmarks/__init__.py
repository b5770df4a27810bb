"""The desk's speed and size."""
