"""Use cases, by subject; each change is one transaction."""
