"""Use cases, one module a subject; each change is one transaction."""
