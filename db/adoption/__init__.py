"""The look at a database before the desk touches it."""
