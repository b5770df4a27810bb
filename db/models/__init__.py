"""Frozen values that rows become, and what is asked for them."""
