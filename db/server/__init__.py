"""PostgreSQL as the desk finds it: its address, TLS, sessions, and whether it can be used."""
