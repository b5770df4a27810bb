"""Whole programs: started, killed and cut off from what they need, and a browser at their page."""
