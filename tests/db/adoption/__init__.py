"""Databases as schools have them, which the desk takes over or leaves alone."""
