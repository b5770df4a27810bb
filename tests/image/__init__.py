"""The image's steps, taken without Docker, and what they make."""
