"""Tests of the demo's page in a real browser."""
