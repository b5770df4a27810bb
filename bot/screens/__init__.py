"""Screens: one function for each, from values to text and buttons."""
