"""How fast the desk is, how far it scales, and what it survives."""
