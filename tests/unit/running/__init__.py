"""How programs run side by side, and people take turns."""
