"""Tests of rules and contracts, without a server."""
