"""What stands between the desk and others."""
