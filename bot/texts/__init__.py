"""Screens as text: pure functions, values in, HTML out."""
