"""Words that people read and type, and icons."""
