"""Rules and contracts, without a server."""
