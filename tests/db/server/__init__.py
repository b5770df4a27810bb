"""Servers as schools have them: poolers, TLS, standbys, odd settings."""
